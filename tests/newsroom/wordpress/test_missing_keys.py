"""Items and comments without an id: none is overwritten, and none comes twice."""

import pytest

from articles.models import Article, MediaFile, Redirect
from comments.models import Comment
from tests.newsroom.wordpress import wxr

pytestmark = pytest.mark.django_db


def nameless(title, link, *inner, **fields):
    """Return an item without an id, whose guid names none either."""
    guid = '<guid isPermaLink="false">https://old.example/?p=0</guid>\n'
    return wxr.item(0, guid, *inner, title=title, link=link, **fields)


def list_titles():
    return sorted(Article.objects.values_list("title", flat=True))


def test_items_without_an_id_are_told_apart_by_their_links(bring):
    bring(nameless("一", "https://old.example/a/"), nameless("二", "https://old.example/b/"))
    bring(nameless("三", "https://old.example/c/"))
    assert list_titles() == ["一", "三", "二"]
    assert not Redirect.objects.filter(path__startswith="/?p=").exists()


def test_an_item_without_an_id_is_updated_and_not_doubled(bring):
    bring(nameless("前", "https://old.example/a/"))
    report = bring(nameless("後", "https://old.example/a/"))
    assert list_titles() == ["後"]
    assert report.outcomes["post"] == {"changed": 1}
    assert bring(nameless("後", "https://old.example/a/")).changed_nothing


def test_without_a_link_the_guid_tells_them_apart_then_slug_and_date(bring):
    guids = [f"<guid>https://old.example/guid/{name}</guid>\n" for name in "ab"]
    root = "https://old.example/"
    bring(*(wxr.item(0, guid, title=guid[-9:-8], link=root, slug="same") for guid in guids))
    bring(*(nameless(slug, root, slug=slug) for slug in ("c", "d")))
    bring(nameless("e", root, slug="d", date_gmt="2021-01-01 00:00:00"))
    assert len(list_titles()) == 5


def test_post_id_may_be_absent_at_all(bring):
    items = [nameless(name, f"https://old.example/{name}/") for name in "ab"]
    bring(*(each.replace("<wp:post_id>0</wp:post_id>", "") for each in items))
    assert list_titles() == ["a", "b"]


def test_files_without_an_id_are_told_apart_too(bring, tmp_path):
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text(f"港,{name}\n1,2\n")
    files = [
        wxr.attachment(0, name, link=f"https://old.example/{name}-page/")
        for name in ("a.csv", "b.csv")
    ]
    bring(*files, media_folder=tmp_path)
    assert MediaFile.objects.count() == 2
    assert bring(*files, media_folder=tmp_path).changed_nothing


def test_comments_without_an_id_come_once(bring):
    comments = [wxr.comment(0, text=text) for text in ("甲", "乙")]
    for extra in ([], [wxr.comment(0, text="丙")]):
        bring(wxr.item(1, *comments, *extra))
    texts = Comment.objects.order_by("number").values_list("text", flat=True)
    assert list(texts) == ["甲", "乙", "丙"]
    assert not Comment.objects.filter(pk__lt=0).exists()
    assert not Comment.objects.exclude(alias=None).exists()


def test_two_articles_with_one_id_are_two(bring):
    plain = "https://old.example/?p=175"
    items = (
        wxr.item(175, title="一", link=plain, slug="a"),
        wxr.item(175, title="二", link=plain, slug="b"),
        wxr.item(175, title="三", link=plain, slug="c", type="recipe"),
        wxr.item(175, title="四", link="https://old.example/d/", slug="d"),
        wxr.item(175, title="一", link=plain, slug="a"),
    )
    report = bring(*items, post_types={"recipe": "article"})
    assert list_titles() == ["一", "三", "二", "四"]
    assert report.remarks == {
        "its ID belongs to another item too: imported on its own": 3,
        "skipped: appears twice": 1,
    }
    assert bring(*items, post_types={"recipe": "article"}).outcomes["post"]["same"] == 4
