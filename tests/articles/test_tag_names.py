"""Tags by name: spellings that differ in width and case are one tag."""

import pytest
from django.core.exceptions import ValidationError
from taggit.models import Tag

from articles.models import Article, Redirect, TagName
from articles.models.tag_name import fold_name
from tests import factories
from tests.articles.admin_forms import ADD, errors_of, filled_in, form_of, saved

pytestmark = pytest.mark.django_db
TAGS = "/admin/taggit/tag/"


def names():
    return list(Tag.objects.order_by("pk").values_list("name", flat=True))


@pytest.mark.parametrize(
    "first, other",
    [
        ("AI", "ＡＩ"),
        ("AI", "ai"),
        ("ガス", "ｶﾞｽ"),
        ("ガス", "カ\u3099ス"),
        ("Go 言語", "ＧＯ\u3000言語"),
        ("港", "港\u200b"),
        ("１２月", "12月"),
    ],
)
def test_spellings_of_a_name_are_one_tag(first, other):
    one, two = factories.article(), factories.article()
    one.tags.add(first)
    two.tags.set([other])
    assert names() == [first]
    two.tags.add(first, other)
    assert list(two.tags.names()) == [first]


@pytest.mark.once
def test_different_kana_are_different_tags():
    factories.article().tags.add("カキ", "かき", "ガキ")
    assert len(names()) == 3


def test_new_tags_are_created_in_one_order():
    """Otherwise two articles with the same new tags wait for each other on PostgreSQL."""
    factories.article().tags.set(["港", "霧", "灯台"])
    factories.article().tags.set(["燈台守", "岸壁", "港"])
    orders = [names()[:3], names()[3:]]
    assert orders == [sorted(order, key=fold_name) for order in orders]


def test_names_cost_one_query_however_many(django_assert_max_num_queries):
    wanted = [f"札{number}" for number in range(30)]
    factories.article().tags.set(wanted)
    article = factories.article()
    with django_assert_max_num_queries(1):
        assert len(TagName.objects.find_or_create(wanted)) == 30
    article.tags.set(wanted)
    assert article.tags.count() == 30


def test_a_tag_of_a_mass_import_is_found():
    Tag.objects.bulk_create([Tag(name="港湾", slug="x")])
    article = factories.article()
    article.tags.add("港湾")
    assert names() == ["港湾"]


def test_two_who_create_a_tag_at_once_get_the_same(monkeypatch):
    """The colleague's tag is committed after this request has looked for it."""
    find, colleague = TagName.objects.all().find_tags, []

    def find_nothing_at_first(queryset, wanted):
        if not colleague:
            colleague.append(Tag.objects.create(name="ＡＩ"))
            return {}
        return find(wanted)

    monkeypatch.setattr(type(TagName.objects.all()), "find_tags", find_nothing_at_first)
    assert TagName.objects.find_or_create(["AI"]) == {"AI": colleague[0]}
    assert names() == ["ＡＩ"]


def test_no_door_makes_a_second_tag_of_a_name():
    Tag.objects.create(name="AI")
    with pytest.raises(ValidationError, match="AI"):
        Tag.objects.create(name="ａｉ", slug="other")


@pytest.mark.once
def test_the_longest_names_have_a_place():
    Tag.objects.create(name="ﷺ" * 100)
    assert len(fold_name("ﷺ" * 100)) == TagName._meta.get_field("folded").max_length


class TestForms:
    def test_the_form_takes_any_spelling(self, editor):
        Tag.objects.create(name="AI")
        article = saved(editor.post(ADD, filled_in(tags=["ａｉ", "AI", "港"])))
        assert sorted(article.tags.names()) == ["AI", "港"]

    @pytest.mark.once
    def test_another_spelling_is_no_change(self, editor):
        article = factories.article(author=editor.user)
        article.tags.add("AI")
        editor.post(
            f"/admin/articles/article/{article.pk}/change/", form_of(article, tags=["ＡＩ"])
        )
        assert list(Article.objects.get().tags.names()) == ["AI"]

    @pytest.mark.once
    def test_suggestions_match_any_spelling(self, editor):
        Tag.objects.create(name="ガス田")
        answer = editor.get(f"{TAGS}names/", {"term": "ｶﾞｽ"})
        assert [row["text"] for row in answer.json()["results"]] == ["ガス田"]
        assert "ガス田" in editor.get(TAGS, {"q": "ｶﾞｽ"}).content.decode()

    @pytest.mark.once
    def test_the_admin_refuses_a_second_tag_of_a_name(self, editor):
        Tag.objects.create(name="AI")
        fields = {"name": "ＡＩ", "slug": "b", "spellings-TOTAL_FORMS": 0}
        answer = editor.post(f"{TAGS}add/", fields | {"spellings-INITIAL_FORMS": 0})
        assert "AI" in errors_of(answer)["name"][0]
        assert names() == ["AI"]

    @pytest.mark.once
    def test_an_editor_chooses_the_spelling_that_is_shown(self, editor):
        tag = Tag.objects.create(name="ａｉ")
        fields = {"name": "AI", "slug": tag.slug, "spellings-TOTAL_FORMS": 0}
        change = f"{TAGS}{tag.pk}/change/"
        assert editor.post(change, fields | {"spellings-INITIAL_FORMS": 0}).status_code == 302
        assert names() == ["AI"]
        assert TagName.objects.get().name == "AI"

    @pytest.mark.once
    def test_a_former_name_still_finds_the_tag_until_it_is_taken_off(self, editor):
        tag = Tag.objects.create(name="港")
        fields = {"name": "港湾", "slug": "kowan", "spellings-TOTAL_FORMS": 0}
        change = f"{TAGS}{tag.pk}/change/"
        editor.post(change, fields | {"spellings-INITIAL_FORMS": 0})
        article = factories.article()
        article.tags.add("港")
        assert list(article.tags.names()) == ["港湾"]
        former = TagName.objects.get(name="港")
        rows = {"spellings-TOTAL_FORMS": 1, "spellings-INITIAL_FORMS": 1}
        rows |= {"spellings-0-id": former.pk, "spellings-0-tag": tag.pk, "spellings-0-DELETE": "on"}
        assert editor.post(change, fields | rows).status_code == 302
        article.tags.set(["港"])
        assert names() == ["港湾", "港"]

    @pytest.mark.once
    def test_the_admin_refuses_an_address_that_leads_elsewhere(self, editor):
        kept = Tag.objects.create(name="港湾")
        Redirect.objects.remember("/tags/port/", tag=kept)
        fields = {"name": "ポート", "slug": "port", "spellings-TOTAL_FORMS": 0}
        answer = editor.post(f"{TAGS}add/", fields | {"spellings-INITIAL_FORMS": 0})
        assert "/tags/港湾/" in errors_of(answer)["slug"][0]


def test_a_new_tag_takes_no_address_that_leads_elsewhere():
    kept = Tag.objects.create(name="港湾")
    Redirect.objects.remember("/tags/a-i/", tag=kept)
    factories.article().tags.add("A-I")
    assert Tag.objects.get(name="A-I").slug == "a-i-2"


@pytest.mark.once
def test_readers_are_suggested_a_tag_in_any_spelling(client):
    Tag.objects.create(name="ガス田")
    assert "ガス田" in client.get("/search/suggest/", {"q": "ｶﾞｽ"}).content.decode()
