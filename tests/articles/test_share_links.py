"""Links that show an article before it is public, and what ends them."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.utils import timezone

from articles import sharing
from articles.models import ShareLink
from tests import factories, staff
from tests.articles.admin_forms import address
from tests.reading import parsed, texts

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft():
    article = factories.article(
        title="原稿", slug="draft", lead="霧の朝。", status="draft", published_at=None
    )
    article.tags.add("港")
    article.sources.create(title="航路図")
    return article


@pytest.fixture
def shared(draft):
    """The path of a link to the draft."""
    return path_of(draft)


def path_of(article, *, by=None, days=7):
    _link, secret = ShareLink.objects.make(article, by=by, days=days)
    return f"/drafts/{secret}/"


def in_days(monkeypatch, days):
    then = timezone.now() + timedelta(days=days)
    monkeypatch.setattr(timezone, "now", lambda: then)


class TestThePage:
    def test_it_shows_the_draft_to_whoever_has_the_link(self, client, draft, shared):
        page = parsed(client.get(shared))
        assert texts(page, "article__title") == ["原稿"]
        assert texts(page, "article__tag") == ["港"]
        assert texts(page, "article__source") == ["航路図"]
        assert client.get(draft.get_absolute_url()).status_code == 404

    def test_a_bar_says_that_it_is_a_draft_and_until_when(self, client, shared):
        [bar] = texts(parsed(client.get(shared)), "draft-bar")
        until = timezone.localtime(ShareLink.objects.get().expires_at)
        assert "下書き" in bar and f"{until.month}月{until.day}日" in bar

    def test_it_shows_what_is_saved_since(self, client, draft, shared):
        draft.title = "直した題"
        draft.save()
        assert texts(parsed(client.get(shared)), "article__title") == ["直した題"]

    @pytest.mark.parametrize("status", ["review", "scheduled"])
    def test_it_goes_on_until_readers_see_the_article(self, client, draft, shared, status):
        if status == "scheduled":
            draft.category = factories.category()
            draft.save()
            draft.schedule(at=timezone.now() + timedelta(days=1))
        else:
            draft.submit()
        assert client.get(shared).status_code == 200

    def test_nobody_can_comment_share_or_be_counted_there(self, client, shared):
        page = parsed(client.get(shared))
        assert not page.xpath("//form[@method='post'] | //*[@id='comments' or @id='write']")
        assert not page.xpath("//main//script")
        assert not page.xpath("//script[contains(@src, 'reads') or contains(@src, 'thread')]")
        assert "discussionUrl" not in client.get(shared).content.decode()

    def test_nothing_keeps_indexes_or_passes_it_on(self, client, shared):
        answer = client.get(shared)
        assert "no-store" in answer["Cache-Control"] and "private" in answer["Cache-Control"]
        assert "ETag" not in answer and not answer.cookies
        assert answer["X-Robots-Tag"] == "noindex"
        assert "noindex" in parsed(answer).xpath("//meta[@name='robots']/@content")
        assert answer["Referrer-Policy"] in {"strict-origin", "no-referrer", "origin"}

    def test_it_names_its_own_address_nowhere(self, client, shared):
        assert shared.split("/")[2] not in client.get(shared).content.decode()

    def test_no_answer_can_be_posted_to(self, client, shared):
        assert client.post(shared).status_code == 405


class TestTheSecret:
    def test_the_database_does_not_hold_it(self, draft):
        link, secret = ShareLink.objects.make(draft, by=None, days=1)
        row = ShareLink.objects.filter(pk=link.pk).values().get()
        assert len(secret) >= 43
        assert not any(secret in str(value) for value in row.values())

    @pytest.mark.parametrize("guess", ["x", "あ", "%ff", "a" * 5_000, "..", "' OR 1=1 --"])
    def test_another_one_opens_nothing(self, client, shared, guess):
        assert client.get(f"/drafts/{guess}/").status_code == 404

    def test_its_hash_opens_nothing(self, client, shared):
        assert client.get(f"/drafts/{ShareLink.objects.get().secret_hash}/").status_code == 404

    def test_guesses_are_limited_and_real_links_still_work(self, client, monkeypatch, shared):
        monkeypatch.setattr(sharing, "GUESSES", {60: 3})
        codes = [client.get(f"/drafts/guess-{n}/").status_code for n in range(5)]
        assert codes == [404, 404, 404, 429, 429]
        answer = client.get("/drafts/guess/")
        assert int(answer["Retry-After"]) > 0 and "no-store" in answer["Cache-Control"]
        assert client.get(shared).status_code == 200
        elsewhere = client.get("/drafts/guess/", REMOTE_ADDR="192.0.2.7")
        assert elsewhere.status_code == 404


class TestTheEnd:
    def assert_over(self, client, shared):
        answer = client.get(shared)
        assert answer.status_code == 410
        assert "原稿" not in answer.content.decode()
        assert "no-store" in answer["Cache-Control"]
        assert answer["X-Robots-Tag"] == "noindex"

    @pytest.mark.parametrize("days", [1, 7, 30])
    def test_its_time_ends_it(self, client, draft, monkeypatch, days):
        shared = path_of(draft, days=days)
        in_days(monkeypatch, days - 0.01)
        assert client.get(shared).status_code == 200
        in_days(monkeypatch, 0.02)
        self.assert_over(client, shared)

    def test_revocation_ends_it(self, client, shared):
        ShareLink.objects.all().revoke()
        self.assert_over(client, shared)

    def test_the_trash_ends_it_for_good(self, client, draft, shared):
        draft.trash()
        self.assert_over(client, shared)
        draft.restore()
        self.assert_over(client, shared)

    def test_publication_leads_to_the_public_page(self, client, draft, shared):
        draft.category = factories.category()
        draft.save()
        draft.publish()
        answer = client.get(shared)
        assert (answer.status_code, answer["Location"]) == (302, draft.get_absolute_url())
        assert "no-store" in answer["Cache-Control"]

    def test_a_scheduled_moment_that_comes_does_too(self, client, draft, shared, monkeypatch):
        draft.category = factories.category()
        draft.save()
        draft.schedule(at=timezone.now() + timedelta(hours=2))
        in_days(monkeypatch, 1)
        assert client.get(shared).status_code == 302

    def test_what_was_public_is_not_shown_as_a_draft_again(self, client, draft, shared):
        draft.category = factories.category()
        draft.save()
        draft.publish()
        draft.return_to_draft()
        self.assert_over(client, shared)
        assert client.get(path_of(draft)).status_code == 200

    def test_a_revoked_link_does_not_name_the_public_page(self, client, draft, shared):
        ShareLink.objects.all().revoke()
        draft.category = factories.category()
        draft.save()
        draft.publish()
        self.assert_over(client, shared)

    def test_an_expired_article_ends_it(self, client, monkeypatch):
        day = timezone.now() - timedelta(days=2)
        article = factories.article(
            title="原稿", published_at=day, expires_at=day + timedelta(days=1)
        )
        self.assert_over(client, path_of(article))

    def test_deleting_the_article_for_good_deletes_its_links(self, client, draft, shared):
        draft.trash()
        draft.empty()
        assert client.get(shared).status_code == 404


class TestThePageOfTheAdmin:
    def make(self, browser, article, days="7"):
        answer = browser.post(address(article, "share"), {"days": days})
        assert "no-store" in answer["Cache-Control"]
        return parsed(answer)

    def test_an_editor_makes_a_link_and_sees_it_once(self, editor, client, draft, settings):
        page = self.make(editor, draft)
        [shown] = page.xpath("//input[@id='address']/@value")
        assert shown.startswith(f"{settings.SITE_URL}/drafts/")
        assert client.get(shown.removeprefix(settings.SITE_URL)).status_code == 200
        again = editor.get(address(draft, "share"))
        assert shown not in again.content.decode()
        assert "no-store" in again["Cache-Control"]
        [entry] = LogEntry.objects.all()
        assert "共有リンク" in entry.get_change_message()
        assert shown.split("/")[-2] not in str(LogEntry.objects.values_list())

    @pytest.mark.once
    def test_the_address_is_in_no_session(self, editor, draft):
        page = self.make(editor, draft)
        [shown] = page.xpath("//input[@id='address']/@value")
        secret = shown.split("/")[-2]
        stored = [str(session.get_decoded()) for session in Session.objects.all()]
        assert stored and secret not in "".join(stored) and "drafts" not in "".join(stored)
        for article in (draft, factories.article(status="draft")):
            again = editor.get(address(article, "share"))
            assert again.context["made"] is None and secret not in again.content.decode()

    def test_the_writer_of_a_draft_may_share_it(self, client):
        writer = staff.writer()
        own = factories.article(title="原稿", status="draft", published_at=None, author=writer)
        page = self.make(staff.browser_of(writer), own)
        assert page.xpath("//input[@id='address']")
        assert ShareLink.objects.get().made_by == writer

    def test_others_may_not(self, client, draft):
        for browser in (staff.browser_of(staff.writer()), staff.browser_of(staff.moderator())):
            assert browser.get(address(draft, "share")).status_code in {302, 403}
            assert browser.post(address(draft, "share"), {"days": "1"}).status_code in {302, 403}
        assert client.post(address(draft, "share"), {"days": "1"}).status_code == 302
        assert not ShareLink.objects.exists()

    @pytest.mark.parametrize("days", ["", "0", "2", "365", "-1", "x", "9" * 30])
    def test_there_are_three_terms(self, editor, draft, days):
        answer = editor.post(address(draft, "share"), {"days": days})
        assert answer.status_code == 200 and not ShareLink.objects.exists()
        assert answer.context["form"].errors

    def test_it_lists_who_made_which_link_and_its_last_use(self, editor, client, draft):
        shared = path_of(draft, by=editor.user)
        [line] = texts(parsed(editor.get(address(draft, "share"))), "share__link")
        assert str(editor.user) in line and "まだ使われていません" in line
        client.get(shared)
        [line] = texts(parsed(editor.get(address(draft, "share"))), "share__link")
        assert "まだ使われていません" not in line

    def test_anyone_who_may_change_the_article_ends_a_link(self, editor, client, draft):
        shared = path_of(draft, by=None)
        other = path_of(draft, by=None)
        pk = ShareLink.objects.last().pk
        assert editor.post(address(draft, "share"), {"revoke": pk}).status_code == 302
        assert sorted(client.get(path).status_code for path in (shared, other)) == [200, 410]

    def test_a_link_of_another_article_is_not_ended_here(self, editor, client, draft, shared):
        another = factories.article(status="draft", published_at=None)
        for pk in (ShareLink.objects.get().pk, "x", "", "9" * 30):
            editor.post(address(another, "share"), {"revoke": pk})
        assert client.get(shared).status_code == 200

    def test_a_public_article_needs_none(self, editor):
        public = factories.article()
        answer = editor.post(address(public, "share"), {"days": "1"})
        assert not ShareLink.objects.exists()
        assert public.get_absolute_url() in answer.content.decode()
        assert address(public, "share") not in editor.get(address(public)).content.decode()

    def test_the_form_and_the_preview_lead_here(self, editor, draft):
        for place in (address(draft), address(draft, "preview")):
            assert address(draft, "share") in editor.get(place).content.decode()
