"""The frame of the desk: who may open it, and what its header shows."""

import pytest
from django.urls import reverse

from tests import factories, staff
from tests.reading import parsed, read, texts

pytestmark = pytest.mark.once

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


def test_a_moderator_begins_with_the_queue(client, db):
    factories.moderator()
    fields = {"username": "moderator", "password": "a good password"}
    for given, expected in [({}, QUEUE), ({"next": "/admin/"}, QUEUE), ({"next": "/me/"}, "/me/")]:
        answer = client.post("/admin/login/", fields | given)
        assert answer["Location"] == expected
        client.logout()
    factories.user("記者", is_staff=True)
    fields["username"] = "記者"
    assert client.post("/admin/login/", fields)["Location"] == "/admin/"


def test_the_corner_shows_moderators_what_waits_and_others_nothing(moderator, reader, article):
    factories.comment(article, text="まだ", state="held")
    answer = moderator.get("/moderation/corner/")
    assert "no-store" in answer["Cache-Control"]
    assert "1" in texts(parsed(answer), "waiting")[0]
    assert reader.get("/moderation/corner/").status_code == 204


class TestTheWayToTheForm:
    def ask(self, browser, article):
        return browser.get(f"/moderation/corner/?article={article.pk}")

    def test_it_is_for_those_who_may_edit_the_article(self, article):
        form = f"/admin/articles/article/{article.pk}/change/"
        answer = self.ask(staff.browser_of(staff.editor()), article)
        assert parsed(answer).xpath("//a/@href") == [form]
        assert "no-store" in answer["Cache-Control"] and "private" in answer["Cache-Control"]
        boss = factories.user("boss", is_staff=True, is_superuser=True)
        answer = self.ask(staff.browser_of(boss), article)
        assert parsed(answer).xpath("//a/@href") == [form, "/moderation/"]

    def test_others_get_none(self, article, reader):
        writer = staff.writer()
        article.author = writer  # of a public article, which writers change no more
        article.save()
        for browser in (reader, staff.browser_of(writer)):
            assert self.ask(browser, article).status_code == 204
        answer = self.ask(staff.browser_of(staff.moderator()), article)
        assert parsed(answer).xpath("//a/@href") == ["/moderation/"]

    @pytest.mark.parametrize("pk", ["", "x", "0", "-1", "9" * 30, "%00"])
    def test_what_is_no_article_has_no_form(self, db, pk):
        browser = staff.browser_of(staff.editor())
        assert browser.get(f"/moderation/corner/?article={pk}").status_code in {204, 400}


def test_public_pages_are_the_same_for_moderators(moderator, reader, article):
    page = article.get_absolute_url()
    assert moderator.get(page).content == reader.get(page).content


def test_the_admin_shows_what_waits(moderator, article):
    factories.comment(article, text="まだ", state="held")
    page = moderator.get("/admin/").content.decode()
    assert 'href="/moderation/"' in page and 'href="/moderation/?kind=held"' in page
    writer = staff.browser_of(staff.writer())
    assert "/moderation/" not in writer.get("/admin/").content.decode()


def test_the_menu_leads_to_every_page_of_the_desk(moderator):
    menu = read(moderator, reverse("comments:queue"))
    links = menu.xpath("//*[@class='desk-header__item']/@href")
    for name in ("log", "words", "modes", "notices"):
        assert reverse(f"comments:{name}") in links
        assert moderator.get(reverse(f"comments:{name}")).status_code == 200
