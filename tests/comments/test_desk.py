"""The frame of the desk: who may open it, and what its header shows."""

from django.urls import reverse

from tests import factories, staff
from tests.reading import read, texts

QUEUE = "/moderation/"


def test_the_queue_is_for_moderators_only(client, reader, db):
    assert reader.get(QUEUE).status_code == 302
    client.force_login(factories.user("記者", is_staff=True))
    assert client.get(QUEUE).status_code == 403


def test_the_header_shows_what_waits_and_where_one_may_go(moderator, article):
    factories.comment(article, text="まだ", state="held")
    page = read(moderator, QUEUE)
    assert texts(page, "desk-header__waiting") == ["待ち: 1"]
    tabs = texts(page, "desk-header__tab")
    assert tabs[0] == "机" and tabs[1].startswith("議論")
    assert "記事" not in tabs  # may not change articles


def test_an_editor_who_moderates_sees_all_tabs(db):
    both = staff.browser_of(staff.member("both", "Editor", "Moderator"))
    tabs = texts(read(both, reverse("comments:queue")), "desk-header__tab")
    assert tabs[:3] == ["机", "記事", "写真"]
