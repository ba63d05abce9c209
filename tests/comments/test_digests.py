"""Digests: what cannot wait is told once to each moderator, through a real mail server."""

import socket
import threading
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from aiosmtpd.controller import Controller
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from articles.models import Article
from comments.digests import list_urgent, send_urgent
from comments.models import Comment, Objection, Report, StaffNotice
from comments.models.measure import Measure
from comments.models.states import Verb
from newsroom.models import User
from tests import factories
from tests.comments.test_report_weights import reporter


class Mailbox:
    """What a mail server took; it refuses the addresses in ``refused``."""

    def __init__(self):
        self.mails, self.refused = [], set()

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refused:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        mail = message_from_bytes(envelope.content, policy=policy.default)
        self.mails.append((envelope.rcpt_tos[0], mail))
        return "250 OK"

    @property
    def recipients(self):
        return sorted(address for address, _mail in self.mails)

    @property
    def texts(self):
        return [mail.get_content() for _address, mail in self.mails]


@pytest.fixture
def mailbox(settings):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    mailbox = Mailbox()
    server = Controller(mailbox, hostname="127.0.0.1", port=port)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", port, False
    settings.SITE_URL = "https://news.example"
    settings.DIGEST_URGENT_HOURS = 2
    yield mailbox
    server.stop()


@pytest.fixture
def moderators(db):
    users = [factories.moderator("三澄"), factories.moderator("久部")]
    for user, email in zip(users, ("misumi@news.example", "kube@news.example"), strict=True):
        user.email = email
        user.save()
    factories.moderator("no address")
    factories.user("writer", email="writer@news.example")
    return users


def send(kind="urgent"):
    call_command("send_digest", f"--{kind}", stdout=open("/dev/null", "w"))  # noqa: SIM115


def hold(article, *, hours, text="審査を待つ意見"):
    at = timezone.now() - timedelta(hours=hours)
    return factories.comment(article, text=text, state="held", reason="words", posted_at=at)


def test_what_waits_too_long_is_sent_once_to_each_moderator(article, moderators, mailbox):
    hold(article, hours=3)
    hold(article, hours=1, text="まだ新しい")
    for _ in range(3):
        send()
    assert mailbox.recipients == ["kube@news.example", "misumi@news.example"]
    [text, _other] = mailbox.texts
    assert article.title in text and "https://news.example/moderation/?entry=" in text
    assert text.count("?entry=") == 1
    assert mailbox.mails[0][1]["Subject"] == "[港湾新報] 至急: 1件"
    assert mailbox.mails[0][1]["Auto-Submitted"] == "auto-generated"


def test_a_mail_says_no_text_no_network_and_no_headline_of_a_draft(article, moderators, mailbox):
    comment = hold(article, hours=3)
    Comment.objects.filter(pk=comment.pk).update(network_hash="network-of-somebody")
    Article.objects.filter(pk=article.pk).update(status="draft")
    send()
    for text in mailbox.texts:
        assert article.title not in text and comment.text not in text
        assert "network-of-somebody" not in text and ">>1" in text


def test_each_kind_that_cannot_wait_is_told(article, moderators, mailbox, settings):
    settings.COMMENT_HOLD_AT_REPORTS = 2
    reported = factories.comment(article, text="通報される")
    for name in ("a", "b"):
        Report.objects.file(reported, reader=reporter(name), reason="spam")
    own = factories.comment(article, text="自分の", reader=reporter("w"))
    own.remove(by=moderators[0], reason="abuse")
    own.refresh_from_db()
    objection = Objection.objects.file(own, reader=reporter("w"), text="なぜ")
    Measure.take(
        Verb.RAID, by=moderators[0], value="held", until=timezone.now() + timedelta(hours=1)
    )
    send()
    text = mailbox.texts[0]
    assert "通報" in text and "荒らし対策" in text
    assert f"https://news.example/moderation/objections/{objection.pk}/" in text
    assert "なぜ" not in text
    send()
    assert len(mailbox.mails) == 2


def test_what_waits_again_is_told_again(article, moderators, mailbox):
    comment = hold(article, hours=5)
    send()
    comment.approve(by=moderators[0])
    later = timezone.now() + timedelta(hours=9)
    comment.hold(by=moderators[0])
    send_urgent(later)
    assert len(mailbox.mails) == 4


def test_a_mail_that_fails_is_sent_next_time_and_others_get_theirs(article, moderators, mailbox):
    hold(article, hours=3)
    mailbox.refused = {"misumi@news.example"}
    with pytest.raises(CommandError, match="no such mailbox"):
        send()
    assert mailbox.recipients == ["kube@news.example"]
    mailbox.refused = set()
    send()
    assert mailbox.recipients == ["kube@news.example", "misumi@news.example"]


@pytest.mark.parametrize(
    "address", ["a@b.example\nBcc: c@d.example", f"a@{'港' * 70}.example", "@"]
)
def test_a_bad_address_is_logged_and_others_get_theirs(
    article, moderators, mailbox, address, caplog
):
    hold(article, hours=3)
    for bad in moderators:  # whoever comes first
        mailbox.mails.clear()
        StaffNotice.objects.all().delete()
        User.objects.filter(pk=bad.pk).update(email=address)
        send()
        assert mailbox.recipients == [each.email for each in moderators if each != bad]
        assert f"User {bad.pk}" in caplog.text
        assert not StaffNotice.objects.filter(recipient=bad).exists()
        bad.save()


def test_without_a_server_nothing_counts_as_sent(article, moderators, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        settings.EMAIL_HOST, settings.EMAIL_PORT = closed.getsockname()
        hold(article, hours=3)
        with pytest.raises(CommandError):
            send()
    assert not StaffNotice.objects.exists()


def test_a_claim_of_a_process_that_died_is_void_after_a_while(article, moderators, mailbox):
    hold(article, hours=3)
    [thing] = list_urgent()
    StaffNotice.objects.create(recipient=moderators[0], subject=thing.subject)
    send()
    assert mailbox.recipients == ["kube@news.example"]
    send_urgent(timezone.now() + timedelta(minutes=20))
    assert mailbox.recipients == ["kube@news.example", "misumi@news.example"]


@pytest.mark.django_db(transaction=True)
def test_two_timers_at_once_send_one_mail(mailbox):
    user = factories.moderator()
    user.email = "misumi@news.example"
    user.save()
    hold(factories.article(), hours=3)
    gate = threading.Barrier(4)

    def run():
        gate.wait()
        try:
            send_urgent()
        finally:
            connection.close()

    timers = [threading.Thread(target=run) for _ in range(4)]
    for timer in timers:
        timer.start()
    for timer in timers:
        timer.join(timeout=60)
    assert mailbox.recipients == ["misumi@news.example"]


def test_the_daily_digest_comes_once_a_day(article, moderators, mailbox):
    send("daily")
    assert mailbox.mails == []
    hold(article, hours=3)
    factories.comment(article, text="消す").remove(by=moderators[0], reason="spam")
    for _ in range(2):
        send("daily")
    assert len(mailbox.mails) == 2
    assert "審査待ち 1件" in mailbox.texts[0] and "24時間の判断: 1件" in mailbox.texts[0]
    StaffNotice.objects.update(subject="daily:2000-01-01")
    send("daily")
    assert len(mailbox.mails) == 4


class TestFeed:
    def read_address(self, moderator):
        page = moderator.get("/moderation/feed/").content.decode()
        return page.partition('type="url" readonly value="http://testserver')[2].partition('"')[0]

    @pytest.fixture
    def address(self, moderator):
        assert self.read_address(moderator) == ""
        assert moderator.post("/moderation/feed/renew/")["Location"] == "/moderation/feed/"
        return self.read_address(moderator)

    def test_the_secret_address_shows_what_is_urgent(self, article, address, client):
        hold(article, hours=3)
        answer = client.get(address)
        assert answer.status_code == 200 and article.title in answer.content.decode()
        assert "no-store" in answer["Cache-Control"] and "private" in answer["Cache-Control"]
        assert answer["Content-Type"].startswith("application/atom+xml")
        assert answer["Referrer-Policy"] == "no-referrer"
        assert not answer.cookies

    def test_a_new_password_keeps_the_address_a_new_address_voids_it(
        self, address, moderator, client
    ):
        moderator.user.set_password("another password")
        moderator.user.save()
        assert client.get(address).status_code == 200
        moderator.force_login(moderator.user)
        assert moderator.get("/moderation/feed/renew/").status_code == 303
        assert client.get(address).status_code == 200, "a GET made a new one"
        moderator.post("/moderation/feed/renew/")
        assert client.get(address).status_code == 404
        assert client.get(self.read_address(moderator)).status_code == 200

    def test_a_right_that_comes_back_brings_no_old_address_back(self, address, moderator, client):
        moderator.user.is_active = False
        moderator.user.save()
        send("daily")
        moderator.user.is_active = True
        moderator.user.save()
        assert client.get(address).status_code == 404

    @pytest.mark.parametrize("change", ["rights", "active"])
    def test_who_is_no_moderator_any_more_has_no_feed(self, address, moderator, client, change):
        if change == "rights":
            moderator.user.user_permissions.clear()
        else:
            moderator.user.is_active = False
            moderator.user.save()
        assert client.get(address).status_code == 404

    @pytest.mark.parametrize("token", ["1", "1-", "-", "x-y", "9" * 30, "1-" + "0" * 64])
    def test_a_guess_finds_nothing(self, moderator, client, token):
        assert client.get(f"/moderation/feed/{token}/").status_code == 404

    def test_only_moderators_see_an_address(self, client, db):
        assert client.get("/moderation/feed/").status_code == 302
        client.force_login(factories.user("somebody", is_staff=True))
        assert client.get("/moderation/feed/").status_code == 403


def test_the_number_of_queries_does_not_depend_on_what_waits(
    article, moderators, django_assert_max_num_queries
):
    for number in range(30):
        hold(article, hours=3, text=f"意見 {number}")
    with django_assert_max_num_queries(16):
        assert len(list_urgent()) == 30
