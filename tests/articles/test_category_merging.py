"""Merging and ordering categories: articles, parts, addresses and feeds follow; the tree holds."""

import pytest
from django.core.exceptions import ValidationError

from articles.category_merging import merge_categories, replace_fields
from articles.models import Article, ArticleChange, Category, Redirect, WorkingCopy
from articles.models.article_change import read_content
from articles.tag_merging import GoneMeanwhile
from tests import factories

pytestmark = pytest.mark.django_db
CATEGORIES = "/admin/articles/category/"


@pytest.fixture
def sea():
    return factories.category("海運", slug="sea")


@pytest.fixture
def ships():
    return factories.category("船", slug="ships")


def tree():
    """The categories in order, each with its depth; the edges are those of a tree."""
    rows = list(Category.objects.order_by("tree_id", "lft"))
    for row in rows:
        assert row.get_descendant_count() * 2 + 1 == row.rght - row.lft
        if row.parent:
            parent = next(each for each in rows if each.pk == row.parent_id)
            assert (row.tree_id, row.level) == (parent.tree_id, parent.level + 1)
            assert parent.lft < row.lft < row.rght < parent.rght
    return [(row.name, row.level) for row in rows]


def test_articles_follow_without_doubles(sea, ships):
    third = factories.category("港", slug="port")
    main = factories.article(category=ships)
    both = factories.article(category=sea)
    listed = factories.article(category=third)
    main.other_categories.add(sea)
    both.other_categories.add(ships, third)
    listed.other_categories.add(ships, sea)
    kept, count = merge_categories(sea.pk, [ships.pk])
    assert (kept, count) == (sea, 3)
    assert {article.category for article in Article.objects.exclude(pk=listed.pk)} == {sea}
    assert list(main.other_categories.all()) == []
    assert list(both.other_categories.all()) == [third]
    assert list(listed.other_categories.all()) == [sea]


def test_parts_move_with_their_own_parts(sea, ships):
    ferry = factories.category("旅客船", parent=ships)
    factories.category("離島航路", parent=ferry)
    factories.category("造船", parent=ships)
    factories.category("岸壁", parent=sea)
    merge_categories(sea.pk, [ships.pk])
    assert tree() == [("海運", 0), ("岸壁", 1), ("旅客船", 1), ("離島航路", 2), ("造船", 1)]


def test_a_branch_is_merged_into_its_own_part(sea):
    middle = factories.category("中", parent=sea)
    low = factories.category("下", parent=middle)
    factories.category("下の下", parent=low)
    factories.category("横", parent=sea)
    article = factories.article(category=sea)
    merge_categories(low.pk, [sea.pk])
    assert tree() == [("下", 0), ("下の下", 1), ("中", 1), ("横", 1)]
    assert Article.objects.get(pk=article.pk).category == low


def test_a_whole_line_is_merged_into_its_middle(sea):
    middle = factories.category("中", parent=sea)
    low = factories.category("下", parent=middle)
    factories.category("下の下", parent=low)
    merge_categories(middle.pk, [sea.pk, low.pk])
    assert tree() == [("中", 0), ("下の下", 1)]


def test_pages_and_feeds_redirect_in_one_hop(client, sea, ships):
    third = factories.category("船舶", slug="vessels")
    Redirect.objects.remember("/old/", category=ships)
    Redirect.objects.remember("/older/", to_path="/categories/ships/")
    merge_categories(third.pk, [ships.pk])
    merge_categories(sea.pk, [third.pk])
    for path in ("/categories/ships/", "/categories/vessels/", "/old/", "/older/"):
        answer = client.get(path)
        assert (answer.status_code, answer["Location"]) == (301, "/categories/sea/"), path
    assert client.get("/categories/ships/feed/")["Location"] == "/categories/sea/feed/"
    atom = client.get("/categories/vessels/feed/atom/")
    assert atom["Location"] == "/categories/sea/feed/atom/"


def test_revisions_and_open_words_follow(sea, ships):
    article = factories.article(category=ships)
    other = factories.category("社会")
    article.save_whole(lambda: article.other_categories.add(other))
    content = read_content(article)
    content["others"] = [ships.pk, other.pk]
    fields = {"category": [str(ships.pk)], "other_categories": [str(ships.pk), str(sea.pk)]}
    change = ArticleChange.objects.create(
        article=article, base=read_content(article), content=content, fields=fields
    )
    user = factories.user("writer")
    copy = WorkingCopy.objects.save_words(
        {**fields, "title": ["題"]}, user=user, article=None, page="a-page-of-words", base=None
    )
    merge_categories(sea.pk, [ships.pk, other.pk])
    revision = article.history.first()
    assert revision.category_id == sea.pk
    assert revision.snapshot["other_categories"] == [sea.pk]
    change = ArticleChange.objects.get(pk=change.pk)
    assert not change.is_stale
    assert change.content["fields"]["category_id"] == sea.pk
    assert change.content["others"] == [sea.pk]
    assert change.fields["other_categories"] == [str(sea.pk)]
    copy.refresh_from_db()
    assert copy.fields["category"] == [str(sea.pk)] and copy.fields["title"] == ["題"]


@pytest.mark.once
def test_only_fields_of_categories_are_rewritten():
    fields = {"category": ["5"], "title": ["5"], "tags": ["5"]}
    assert replace_fields(fields, 7, {5}) == {"category": ["7"], "title": ["5"], "tags": ["5"]}


def test_kept_pages_follow(client, sea, ships, django_capture_on_commit_callbacks):
    article = factories.article(category=ships)
    assert "/categories/ships/" in client.get(article.get_absolute_url()).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        merge_categories(sea.pk, [ships.pk])
    page = client.get(article.get_absolute_url()).content.decode()
    assert "/categories/ships/" not in page and "/categories/sea/" in page
    assert article.get_absolute_url() in client.get("/categories/sea/").content.decode()


def test_nothing_changes_if_one_is_gone(sea, ships):
    factories.category("岸壁", parent=ships)
    before = tree()
    with pytest.raises(GoneMeanwhile):
        merge_categories(sea.pk, [ships.pk, ships.pk + 100])
    with pytest.raises(GoneMeanwhile):
        merge_categories(ships.pk + 100, [ships.pk])
    with pytest.raises(ValidationError):
        merge_categories(sea.pk, [sea.pk])
    assert tree() == before


class TestAdmin:
    def post(self, browser, categories, **fields):
        chosen = [category.pk for category in categories]
        fields |= {"action": "merge", "_selected_action": chosen, "index": "0"}
        return browser.post(CATEGORIES, fields)

    def test_the_question_says_how_many_and_the_answer_merges(self, editor, sea, ships):
        factories.article(category=ships)
        page = self.post(editor, [sea, ships])
        assert "1本の記事" in page.content.decode() and "船（1本）" in page.content.decode()
        seen = page.context["form"].initial["seen"]
        assert self.post(editor, [sea, ships], seen=seen, kept=sea.pk).status_code == 302
        assert Category.objects.get() == sea
        assert "海運にまとめました" in editor.get(CATEGORIES).content.decode()

    @pytest.mark.once
    def test_one_that_a_colleague_merged_away(self, editor, sea, ships):
        third = factories.category("港")
        seen = ",".join(str(each.pk) for each in (sea, ships, third))
        merge_categories(sea.pk, [ships.pk])
        page = self.post(editor, [sea, ships, third], seen=seen, kept=third.pk)
        assert "誰かが先に" in page.content.decode()
        assert Category.objects.count() == 2

    @pytest.mark.once
    def test_writers_merge_and_move_nothing(self, writer, sea, ships):
        self.post(writer, [sea, ships], seen=f"{sea.pk},{ships.pk}", kept=sea.pk)
        assert writer.post(CATEGORIES, {"_down": sea.pk}).status_code == 403
        assert tree() == [("海運", 0), ("船", 0)]

    @pytest.mark.once
    def test_the_address_of_a_merged_category_is_not_given_away(self, editor, sea, ships):
        merge_categories(sea.pk, [ships.pk])
        fields = {"name": "船", "slug": "ships", "parent": "", "description": ""}
        page = editor.post(f"{CATEGORIES}add/", fields)
        assert "/categories/sea/" in page.context["adminform"].form.errors["slug"][0]

    @pytest.mark.once
    def test_a_name_that_another_has_is_warned_of(self, editor, sea):
        other = factories.category("ＡＩ", parent=sea)
        fields = {"name": "ai", "slug": "", "parent": "", "description": ""}
        html = editor.post(f"{CATEGORIES}add/", fields, follow=True).content.decode()
        assert "海運 › ＡＩ" in html and f"{CATEGORIES}{other.pk}/change/" in html
        assert Category.objects.filter(name="ai").exists()


class TestOrder:
    def test_buttons_move_a_category_among_its_neighbours(self, editor, sea, ships):
        one, two = factories.category("一", parent=ships), factories.category("二", parent=ships)
        answer = editor.post(CATEGORIES, {"_up": two.pk})
        assert (answer.status_code, answer.url) == (302, f"{CATEGORIES}#up-{two.pk}")
        editor.post(CATEGORIES, {"_down": sea.pk})
        assert tree() == [("船", 0), ("二", 1), ("一", 1), ("海運", 0)]
        editor.post(CATEGORIES, {"_up": one.pk})
        assert tree() == [("船", 0), ("一", 1), ("二", 1), ("海運", 0)]

    @pytest.mark.once
    def test_the_ends_stay_where_they_are(self, editor, sea, ships):
        factories.category("一", parent=ships)
        html = editor.get(CATEGORIES).content.decode()
        assert html.count(" disabled>") == 4  # first up, last down, and both of the only part
        editor.post(CATEGORIES, {"_up": sea.pk})
        editor.post(CATEGORIES, {"_down": ships.pk})
        assert tree() == [("海運", 0), ("船", 0), ("一", 1)]

    @pytest.mark.once
    @pytest.mark.parametrize("pk", ["", "x", "0", "9" * 30])
    def test_a_category_that_is_gone_moves_nothing(self, editor, sea, pk):
        assert editor.post(CATEGORIES, {"_up": pk}).status_code == 302
        assert "もうありません" in editor.get(CATEGORIES).content.decode()
