"""Bylines of an import: posts that several people and guests signed (Co-Authors Plus)."""

import pytest

from articles.models import Article, Byline
from tests.newsroom.wordpress import wxr

pytestmark = pytest.mark.django_db

STAFF = wxr.author("writer", 3, "港 太郎"), wxr.author("hayase.chitose", 4, "早瀬")
GUEST = wxr.item(9, type="guest-author", slug="cap-minatono", title="港野 灯")


def name_authors(*slugs):
    return [wxr.term("author", f"cap-{slug}", slug) for slug in slugs]


def list_signed():
    return [each.name for each in Article.objects.get().signatures]


def test_several_sign_in_order_and_guests_have_pages(bring, client):
    bring(*STAFF, GUEST, wxr.item(1, *name_authors("minatono", "hayase-chitose", "writer")))
    assert list_signed() == ["港野 灯", "早瀬", "港 太郎"]
    assert client.get("/authors/minatono/").status_code == 200


def test_an_author_alone_needs_no_byline(bring):
    bring(*STAFF, wxr.item(1, *name_authors("writer")))
    assert list_signed() == ["港 太郎"]
    assert not Article.objects.get().credits.exists()


def test_a_guest_without_a_post_has_the_name_of_the_term(bring):
    bring(*STAFF, wxr.item(1, wxr.term("author", "cap-777", "777")))
    assert list_signed() == ["777"]
    assert Byline.objects.get(name="777").slug == "guest-777"


def test_a_second_import_changes_only_what_changed_there(bring):
    both = name_authors("minatono", "writer")
    bring(*STAFF, GUEST, wxr.item(1, *both))
    article = Article.objects.get()
    article.credits.filter(byline__name="港 太郎").delete()
    bring(*STAFF, GUEST, wxr.item(1, *both))
    assert list_signed() == ["港野 灯"]
    bring(*STAFF, GUEST, wxr.item(1, *name_authors("writer"), title="直した題"))
    assert list_signed() == ["港 太郎"]
    assert Byline.objects.guests().count() == 1
