"""Suggestions of related articles: by shared tags and rare words, accepted with one press."""

from datetime import timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from taggit.models import Tag, TaggedItem

from articles import search, suggestions
from articles.models import Article, Category, RelatedArticle
from articles.search import similarity
from articles.suggestions import SUGGESTIONS, suggest_related
from tests import factories
from tests.articles.admin_forms import ADD, address, filled_in, form_of

pytestmark = pytest.mark.django_db
TEXT = "<p>石炭岸壁の起重機が最後の荷役を終えた。倉庫の帳面が残る。</p>"


def article(title, *tags, body="<p>別の話。</p>", **fields):
    category = Category.objects.first() or factories.category()
    made = factories.article(title=title, body=body, category=category, **fields)
    made.save_whole(lambda: made.tags.add(*tags))
    return made


def suggest(title="石炭岸壁の十八年", text="起重機と荷役", tags=(), without=()):
    found = suggest_related(title=title, text=text, tags=list(tags), without=without)
    return [(each.title, each.tags, bool(each.words)) for each in found]


def test_the_reason_is_said():
    article("同じ札", "港", "記憶")
    article("同じ語", body=TEXT)
    article("両方", "港", body=TEXT)
    article("どちらもない", "霧")
    found = {title: (tags, words) for title, tags, words in suggest(tags=["港", "記憶"])}
    assert found == {
        "同じ札": (["港", "記憶"], False),
        "同じ語": ([], True),
        "両方": (["港"], True),
    }


def test_who_shares_more_comes_first():
    article("一つ", "港")
    article("二つと語", "港", "記憶", body=TEXT)
    article("二つ", "港", "記憶")
    titles = [title for title, *_why in suggest(tags=["港", "記憶"])]
    assert titles == ["二つと語", "二つ", "一つ"]


def test_a_rare_tag_says_more_than_one_that_many_have():
    for number in range(8):
        article(f"港の話 {number}", "港")
    article("珍しい", "灯籠")
    assert suggest(title="x", text="", tags=["港", "灯籠"])[0][0] == "珍しい"


def test_tags_are_typed_in_any_spelling():
    article("同じ札", "AI")
    assert suggest(title="", text="", tags=["ａｉ", "知らない"]) == [("同じ札", ["AI"], False)]


def test_only_public_articles_are_suggested():
    later = timezone.now() + timedelta(days=1)
    article("下書き", "港", status="draft", published_at=None)
    article("予約", "港", published_at=later)
    article("ごみ箱", "港", status="trash")
    article("取り下げ", "港", status="withdrawn", withdrawal_note="誤り")
    article("終了", "港", expires_at=timezone.now() - timedelta(minutes=1))
    article("固定の頁", "港", kind="page")
    own, chosen = article("自分", "港"), article("選んだもの", "港")
    article("公開", "港")
    assert [title for title, *_why in suggest(tags=["港"], without={own.pk, chosen.pk})] == ["公開"]


def test_ten_at_most():
    for number in range(SUGGESTIONS + 3):
        article(f"港の話 {number}", "港")
    assert len(suggest(tags=["港"])) == SUGGESTIONS


def test_a_word_of_too_many_articles_says_nothing(monkeypatch):
    monkeypatch.setattr(similarity, "MOST_OBJECTS", 3)
    for number in range(3):
        article(f"石炭 {number}")
    article("起重機")
    assert suggest(title="石炭 起重機", text="") == [("起重機", [], True)]


@pytest.mark.parametrize(
    "text", ["", "。", "a\0b", '"OR" NEAR(', "'石炭' & !", "<>&", "あ" * 50_000]
)
def test_odd_texts_are_no_queries(text):
    article("灯台")
    assert suggest(title=text, text=text) == []


def test_other_kinds_of_entries_are_not_found():
    other = search.Entry(kind=2, object_id=1, title="石炭", body="", date=timezone.now())
    search.write_entry(other)
    assert search.find_similar("石炭", "", search.ARTICLE) == {}


def test_the_statements_are_few_and_bounded(django_assert_num_queries):
    ContentType.objects.get_for_model(Article)
    tags = [f"札{number}" for number in range(15)]
    for number in range(12):
        article(f"石炭 {number}", *tags, body=TEXT)
    with django_assert_num_queries(4):
        assert len(suggest(tags=tags)) == SUGGESTIONS


def test_a_tag_of_thousands_costs_no_more(django_assert_max_num_queries, monkeypatch):
    monkeypatch.setattr(suggestions, "MOST_LINKS", 100)
    tag = Tag.objects.create(name="港")
    model = ContentType.objects.get_for_model(Article)
    keys = [article(f"港 {number}").pk for number in range(3)]
    TaggedItem.objects.bulk_create(
        TaggedItem(tag=tag, content_type=model, object_id=pk)
        for pk in [*range(10_000, 10_300), *keys]
    )
    with django_assert_max_num_queries(4):
        assert len(suggest(title="無", text="関", tags=["港"])) == 3


@pytest.mark.once
class TestForm:
    def test_the_script_asks_for_what_is_typed(self, editor):
        same = article("同じ札", "港")
        article("選んだもの", "港")
        chosen = Article.objects.get(title="選んだもの")
        form = filled_in(tags=["港"], related=[{"related": chosen.pk, "position": ""}])
        answer = editor.post("/admin/articles/article/related/", form)
        html = answer.content.decode()
        assert "同じ札" in html and "#港" in html and f'value="{same.pk}"' in html
        assert "選んだもの" not in html
        assert not Article.objects.filter(title=form["title"]).exists()

    def test_an_article_is_not_suggested_to_itself(self, editor):
        own = article("自分", "港", author=editor.user)
        form = form_of(own)
        html = editor.post(address(own).replace("change/", "related/"), form).content.decode()
        assert "自分" not in html

    def test_who_may_not_change_the_article_gets_none(self, writer, client):
        other = article("よその記事", "港")
        assert writer.post(address(other, "suggest"), {}).status_code == 403
        assert client.post(address(other, "suggest"), {}).status_code == 401
        assert writer.get(address(other, "suggest")).status_code == 405

    def test_a_press_without_scripts_keeps_all_that_is_typed(self, editor):
        same = article("同じ札", "港")
        form = filled_in(title="打った題", lead="打ったリード", tags=["港"], _suggest="1")
        html = editor.post(ADD, form).content.decode()
        assert "打った題" in html and "打ったリード" in html and "同じ札" in html
        del form["_suggest"]
        page = editor.post(ADD, form | {"_relate": str(same.pk)})
        html = page.content.decode()
        assert "打った題" in html and "「同じ札」を関連に加えました" in html
        rows = page.context["inline_admin_formsets"][-1].formset.forms
        assert [row["related"].value() for row in rows] == [str(same.pk)]
        assert Article.objects.count() == 1

    def test_the_row_that_was_added_is_saved_with_the_form(self, editor):
        first, same = article("一つ目", "港"), article("同じ札", "港")
        own = article("自分", "港", author=editor.user)
        RelatedArticle.objects.create(article=own, related=first, position=1)
        stored = [{"id": own.related_links.get().pk, "article": own.pk, "related": first.pk}]
        stored[0]["position"] = 1
        form = form_of(own, related=stored, _relate=str(same.pk), seen=own.history.first().pk)
        page = editor.post(address(own), form)
        formset = page.context["inline_admin_formsets"][-1].formset
        assert not page.context["errors"]
        names = [formset.add_prefix(1), formset.add_prefix(0)]
        sent = {f"{names[0]}-related": same.pk, f"{names[0]}-id": "", f"{names[0]}-position": ""}
        form |= sent | {"related_links-TOTAL_FORMS": 2}
        del form["_relate"]
        assert editor.post(address(own), form).status_code == 302
        chosen = own.related_links.values_list("related__title", flat=True)
        assert list(chosen) == ["一つ目", "同じ札"]

    @pytest.mark.parametrize("value", ["x", "0", "9" * 30, ""])
    def test_what_is_no_article_is_not_added(self, editor, value):
        page = editor.post(ADD, filled_in(title="打った題", _relate=value))
        assert page.status_code == 200 and "打った題" in page.content.decode()
        assert page.context["inline_admin_formsets"][-1].formset.total_form_count() == 0

    def test_a_newer_revision_is_still_noticed_afterwards(self, editor):
        own = article("自分", "港", author=editor.user)
        seen = own.history.first().pk
        own.save()
        page = editor.post(address(own), form_of(own, seen=seen, _suggest="1"))
        assert page.context["adminform"].form["seen"].value() == str(seen)
