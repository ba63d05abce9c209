"""Mail and a feed about the work on articles: what waits, came back, is assigned or scheduled."""

import socket
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import ArticleChange
from newsroom.desk_mail import LONG_PAUSE, PAUSE, send_desk_mail, send_now
from newsroom.models import DeskSubscription
from tests import factories, staff
from tests.articles.admin_forms import address, form_of
from tests.reading import parsed, text

pytestmark = pytest.mark.django_db
PAGE = "/admin/notices/"
ALL = {"review": True, "returned": True, "assigned": True, "scheduled": True}


def subscribe(user, *, language="ja", **kinds):
    user.email = f"{user.username}@news.example"
    user.save()
    since = timezone.now() - timedelta(minutes=5)
    values = {"language": language, "since": since, **(kinds or ALL)}
    return DeskSubscription.objects.create(owner=user, **values)


@pytest.fixture
def writer():
    return staff.writer()


@pytest.fixture
def editor():
    return staff.browser_of(staff.editor())


@pytest.fixture
def boss():
    """An editor who wants to hear of all."""
    return subscribe(staff.editor("boss")).owner


@pytest.fixture
def draft(writer):
    fields = {"status": "draft", "published_at": None, "category": factories.category()}
    return factories.article(title="港の原稿", author=writer, **fields)


def mails():
    return [(each.to[0].partition("@")[0], each.subject.partition("] ")[2]) for each in mail.outbox]


def submit(article, user):
    article._history_user = user
    article.submit()


def at_seven(days=0):
    local = timezone.localtime() + timedelta(days=days)
    return local.replace(hour=7, minute=0, second=0, microsecond=0)


class TestReview:
    def test_editors_who_want_it_hear_once_who_handed_in_what(self, boss, draft, writer):
        subscribe(staff.editor("deaf"), returned=True)
        subscribe(writer)
        submit(draft, writer)
        for _time in range(3):
            send_desk_mail()
        assert mails() == [("boss", "記者さんが「港の原稿」を確認に出しました。")]
        [sent] = mail.outbox
        assert f"/admin/articles/article/{draft.pk}/change/" in sent.body
        assert "/admin/notices/" in sent.body
        assert sent.extra_headers["Auto-Submitted"] == "auto-generated"

    def test_the_form_of_the_admin_counts_too(self, boss, draft, writer):
        answer = staff.browser_of(writer).post(address(draft), form_of(draft, _state="review"))
        assert answer.status_code == 302
        send_desk_mail()
        assert len(mails()) == 1

    def test_saving_in_review_is_nothing_new_but_coming_again_is(self, boss, draft, writer):
        submit(draft, writer)
        send_desk_mail()
        draft.title = "直した原稿"
        draft.save()
        send_desk_mail()
        assert len(mails()) == 1
        draft.return_to_draft(note="裏を取って。")
        later = timezone.now() + timedelta(seconds=2)
        with patch("django.utils.timezone.now", lambda: later):
            submit(draft, writer)
        send_desk_mail()
        assert len(mails()) == 2

    def test_nobody_hears_of_what_they_did(self, boss, draft):
        submit(draft, boss)
        send_desk_mail()
        assert mails() == []

    def test_what_is_in_review_no_more_is_not_told(self, boss, draft, writer):
        submit(draft, writer)
        draft.publish()
        send_desk_mail()
        assert mails() == []

    def test_what_was_before_the_wish_is_not_told(self, draft, writer):
        submit(draft, writer)
        subscription = subscribe(staff.editor("late"))
        DeskSubscription.objects.filter(pk=subscription.pk).update(since=timezone.now())
        send_desk_mail()
        assert mails() == []

    def test_a_draft_change_counts(self, boss, writer):
        public = factories.article(title="公開中")
        change = ArticleChange.objects.create(article=public, saved_by=writer, status="review")
        send_desk_mail()
        assert mails() == [("boss", "記者さんが「公開中」を確認に出しました。")]
        assert f"/{public.pk}/change/?change" in mail.outbox[0].body
        subscribe(writer)
        change.return_to_writer("もう一度。")
        send_desk_mail()
        assert mails()[1:] == [("writer", "「公開中」が差し戻されました。")]
        assert "もう一度。" in mail.outbox[1].body


class TestReturned:
    def test_its_writer_hears_of_it_with_the_note(self, boss, draft, writer):
        subscribe(writer)
        submit(draft, writer)
        draft._history_user = boss
        draft.return_to_draft(note="裏を取って。\n数字も。")
        send_desk_mail()
        assert mails() == [("writer", "「港の原稿」が差し戻されました。")]
        assert "裏を取って。\n数字も。" in mail.outbox[0].body

    def test_without_a_note_nothing_is_told(self, draft, writer):
        subscribe(writer)
        draft.submit()
        draft.return_to_draft()
        send_desk_mail()
        assert mails() == []

    def test_a_title_with_line_breaks_makes_no_header(self, draft, writer):
        subscribe(writer)
        draft.title = "港の\r\nBcc: all@news.example"
        draft.save()
        draft.submit()
        draft.return_to_draft(note="直して。")
        send_desk_mail()
        [sent] = mail.outbox
        assert sent.recipients() == ["writer@news.example"]
        assert "\n" not in sent.subject and "\r" not in sent.subject


class TestAssigned:
    def test_the_person_hears_of_it_with_the_day(self, boss, draft, writer):
        subscribe(writer)
        draft.assign(writer, due_on=timezone.localdate(), by=boss)
        send_desk_mail()
        draft.assign(writer, due_on=timezone.localdate() + timedelta(days=1), by=boss)
        send_desk_mail()
        assert mails() == [("writer", "「港の原稿」の担当になりました。 締切 今日")]

    def test_whoever_takes_it_hears_nothing(self, boss, draft):
        draft.assign(boss, by=boss)
        send_desk_mail()
        assert mails() == []


class TestScheduled:
    def test_one_mail_in_the_morning_tells_the_day(self, boss, writer):
        subscribe(writer)
        now = at_seven()
        factories.article(title="夜の記事", published_at=now + timedelta(hours=12))
        factories.article(title="昼の記事", author=writer, published_at=now + timedelta(hours=5))
        factories.article(title="あすの記事", published_at=now + timedelta(days=1))
        with patch("django.utils.timezone.now", lambda: now):
            for _time in range(2):
                send_desk_mail()
            day = f"{now.month}月{now.day}日"
            assert mails() == [
                ("boss", f"きょう{day}の予約"),
                ("writer", f"きょう{day}の予約"),
            ]
            body = mail.outbox[0].body
            assert body.index("12:00 「昼の記事」") < body.index("19:00 「夜の記事」")
            assert "あすの記事" not in body and "夜の記事" not in mail.outbox[1].body

    def test_not_before_six_and_not_without_articles(self, boss):
        early = at_seven() - timedelta(hours=2)
        with patch("django.utils.timezone.now", lambda: early):
            send_desk_mail()
            factories.article(published_at=early + timedelta(hours=8))
            send_desk_mail()
        assert mails() == []


class TestSending:
    def test_it_speaks_the_language_of_each_person(self, draft, writer):
        for name, language in (("ja", "ja"), ("en", "en")):
            subscribe(staff.editor(name), language=language)
        submit(draft, writer)
        send_desk_mail()
        assert mails() == [
            ("ja", "記者さんが「港の原稿」を確認に出しました。"),
            ("en", "記者 submitted “港の原稿” for review."),
        ]

    def test_several_things_are_one_mail(self, boss, draft, writer):
        submit(draft, writer)
        draft.assign(boss, by=writer)
        send_desk_mail()
        [(_name, title)] = mails()
        assert title.endswith("ほか1件")

    @pytest.mark.parametrize("change", ["inactive", "rights", "address", "nothing"])
    def test_whoever_may_not_or_does_not_want_to_gets_none(self, boss, draft, writer, change):
        match change:
            case "inactive":
                boss.is_active = False
            case "rights":
                boss.groups.clear()
            case "address":
                boss.email = ""
            case "nothing":
                DeskSubscription.objects.update(review=False)
        boss.save()
        submit(draft, writer)
        send_desk_mail()
        assert mails() == []

    def test_without_a_server_the_act_stands_and_the_mail_comes_later(
        self, boss, draft, writer, settings
    ):
        backend = settings.EMAIL_BACKEND
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        with socket.socket() as closed:
            closed.bind(("127.0.0.1", 0))
            settings.EMAIL_HOST, settings.EMAIL_PORT = closed.getsockname()
            submit(draft, writer)
            with patch("newsroom.desk_mail.connection"):
                assert send_now() == LONG_PAUSE
            with pytest.raises(CommandError):
                call_command("send_desk_mail")
        draft.refresh_from_db()
        assert draft.status == "review"
        settings.EMAIL_BACKEND = backend
        with patch("newsroom.desk_mail.connection"):
            assert send_now() == PAUSE
        assert len(mails()) == 1

    def test_more_articles_need_no_more_queries(self, boss, writer):
        counts = []
        for _time in range(2):
            for _more in range(3):
                own = factories.article(status="draft", published_at=None, author=writer)
                submit(own, writer)
            send_desk_mail()
            with CaptureQueriesContext(connection) as queries:
                send_desk_mail()
            counts.append(len(queries))
        assert counts[0] == counts[1]


class TestThePage:
    def test_a_choice_is_saved(self, editor):
        assert PAGE in editor.get("/admin/").content.decode()
        form = {"review": "on", "scheduled": "on", "language": "en"}
        assert editor.post(PAGE, form)["Location"] == PAGE
        [row] = DeskSubscription.objects.values("review", "returned", "scheduled", "language")
        assert row == {"review": True, "returned": False, "scheduled": True, "language": "en"}
        page = parsed(editor.get(PAGE))
        assert page.xpath("//input[@checked]/@name") == ["review", "scheduled"]
        assert text(page.xpath("//option[@selected]")[0]) in {"英語", "English"}

    def test_a_writer_is_not_offered_what_waits_for_editors(self, writer):
        browser = staff.browser_of(writer)
        assert not parsed(browser.get(PAGE)).xpath("//input[@name='review']")
        browser.post(PAGE, {"review": "on", "returned": "on", "language": "ja"})
        assert not DeskSubscription.objects.get().review

    def test_others_have_no_page(self, client):
        assert client.get(PAGE).status_code == 302
        moderator = staff.browser_of(factories.user("nobody", is_staff=True))
        assert moderator.get(PAGE).status_code == 403

    def test_what_is_no_language_is_said(self, editor):
        assert editor.post(PAGE, {"language": "xx"}).status_code == 200
        assert not DeskSubscription.objects.exists()


class TestTheFeed:
    @pytest.fixture
    def feed(self, editor):
        editor.post(PAGE, {"renew": "1"})
        return f"{PAGE}feed/{DeskSubscription.objects.get().token}/"

    def test_it_tells_what_concerns_its_owner_and_wants_no_mail(
        self, editor, client, feed, draft, writer
    ):
        submit(draft, writer)
        soon = timezone.localtime().replace(hour=23, minute=59, second=58)
        factories.article(title="夜の記事", published_at=soon)
        other = factories.article(title="よその", status="draft", published_at=None)
        other.assign(staff.editor("other"))
        answer = client.get(feed)
        content = answer.content.decode()
        assert answer["Content-Type"].startswith("application/atom+xml")
        assert "記者さんが「港の原稿」を確認に出しました。" in content and "夜の記事" in content
        assert "よその" not in content
        assert "no-store" in answer["Cache-Control"] and answer["X-Robots-Tag"] == "noindex"
        assert answer["Referrer-Policy"] == "no-referrer" and not answer.cookies
        send_desk_mail()
        assert mails() == []

    def test_a_new_address_voids_the_old_one_and_keeps_the_choice(self, editor, client, feed):
        editor.post(PAGE, {"returned": "on", "language": "ja"})
        assert feed in editor.get(PAGE).content.decode()
        editor.post(PAGE, {"renew": "1"})
        assert client.get(feed).status_code == 404
        assert DeskSubscription.objects.get().returned
        assert editor.get(f"{PAGE}?renew=1").status_code == 200

    @pytest.mark.parametrize("change", ["rights", "active"])
    def test_whoever_lost_the_right_has_none(self, editor, client, feed, change):
        if change == "rights":
            editor.user.groups.clear()
        else:
            editor.user.is_active = False
            editor.user.save()
        assert client.get(feed).status_code == 404

    @pytest.mark.parametrize("token", ["1", "1-", "-", "x-y", "9" * 30, "1-" + "0" * 64])
    def test_a_guess_finds_nothing(self, client, feed, token):
        assert client.get(f"{PAGE}feed/{token}/").status_code == 404
