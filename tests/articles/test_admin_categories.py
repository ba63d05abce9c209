"""Categories, tags and redirects in the admin."""

import pytest
from taggit.models import Tag

from articles.models import Category, Redirect
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.once]
CATEGORIES = "/admin/articles/category/"
TAGS = "/admin/taggit/tag/"
REDIRECTS = "/admin/articles/redirect/"


def tree():
    """The categories in order, each with its depth."""
    return [(category.name, category.level) for category in Category.objects.all()]


def test_a_category_gets_a_slug_and_a_place(editor):
    parent = factories.category("国内")
    fields = {"name": "医療・福祉", "slug": "", "parent": parent.pk, "description": ""}
    editor.post(f"{CATEGORIES}add/", fields)
    assert tree() == [("国内", 0), ("医療・福祉", 1)]
    assert Category.objects.get(name="医療・福祉").slug == "医療福祉"


def test_a_category_is_moved_by_dragging(editor):
    first, second = factories.category("国内"), factories.category("経済")
    factories.category("教育", parent=first)
    move = {"cmd": "move_node", "position": "left", "cut_item": second.pk, "pasted_on": first.pk}
    answer = editor.post(CATEGORIES, move)
    assert answer.content == b"OK, moved."
    assert tree() == [("経済", 0), ("国内", 0), ("教育", 1)]
    move |= {"position": "last-child", "cut_item": first.pk, "pasted_on": second.pk}
    editor.post(CATEGORIES, move)
    assert tree() == [("経済", 0), ("国内", 1), ("教育", 2)]


def test_a_category_is_not_put_below_itself(editor):
    first = factories.category("国内")
    child = factories.category("教育", parent=first)
    fields = {"name": "国内", "slug": first.slug, "parent": child.pk, "description": ""}
    answer = editor.post(f"{CATEGORIES}{first.pk}/change/", fields)
    assert answer.status_code == 200
    assert tree() == [("国内", 0), ("教育", 1)]


def test_a_category_with_articles_is_not_deleted(editor):
    category = factories.category("国内")
    for _number in range(12):
        factories.article(category=category)
    page = editor.post(f"{CATEGORIES}{category.pk}/delete/", {"post": "yes"})
    assert Category.objects.filter(pk=category.pk).exists()
    assert page.content.decode().count("/admin/articles/article/") < 20


def test_a_renamed_category_redirects(editor, client):
    category = factories.category("国内", slug="domestic")
    fields = {"name": "国内", "slug": "japan", "parent": "", "description": ""}
    editor.post(f"{CATEGORIES}{category.pk}/change/", fields)
    assert client.get("/categories/domestic/").url == "/categories/japan/"


def test_a_renamed_tag_redirects(editor, client):
    tag = Tag.objects.create(name="港")
    editor.post(f"{TAGS}{tag.pk}/change/", {"name": "港湾", "slug": "港湾"})
    assert Redirect.objects.get().tag == tag
    answer = client.get("/tags/港/")
    assert (answer.status_code, answer.url) == (301, "/tags/%E6%B8%AF%E6%B9%BE/")


def test_tags_are_listed_with_how_often_they_stand(editor):
    factories.article().tags.add("港", "霧")
    factories.article().tags.add("港")
    tags = editor.get(TAGS).context["cl"].result_list
    assert {tag.name: tag.article_count for tag in tags} == {"港": 2, "霧": 1}


def test_a_redirect_needs_exactly_one_target(editor):
    article = factories.article()
    both = {"path": "/old/", "article": article.pk, "to_path": "/new/"}
    assert editor.post(f"{REDIRECTS}add/", both).status_code == 200
    assert editor.post(f"{REDIRECTS}add/", {"path": "/old/"}).status_code == 200
    assert not Redirect.objects.exists()
    editor.post(f"{REDIRECTS}add/", {"path": "/%E6%B8%AF/", "article": article.pk})
    assert Redirect.objects.get().path == "/港"


def test_a_path_redirects_once(editor):
    Redirect.objects.remember("/old/", to_path="/new/")
    answer = editor.post(f"{REDIRECTS}add/", {"path": "/old", "to_path": "/other/"})
    assert answer.status_code == 200
    assert Redirect.objects.get().to_path == "/new/"


@pytest.mark.parametrize("place", [CATEGORIES, TAGS])
def test_writers_look_at_categories_and_change_none(writer, place):
    assert writer.get(place).status_code == 200
    assert writer.get(f"{place}add/").status_code == 403


def test_writers_have_nothing_to_do_with_redirects(writer):
    assert writer.get(REDIRECTS).status_code == 403


def test_writers_move_no_category(writer):
    first, second = factories.category("国内"), factories.category("経済")
    move = {"cmd": "move_node", "position": "left", "cut_item": second.pk, "pasted_on": first.pk}
    assert writer.post(CATEGORIES, move).content == b"FAIL, no permission."
    assert tree() == [("国内", 0), ("経済", 0)]
