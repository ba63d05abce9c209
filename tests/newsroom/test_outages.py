"""Reading goes on while nothing can be written; what somebody typed comes back."""

import errno
from unittest import mock

import pytest
from django.db import DataError, InterfaceError, OperationalError, connection
from django.test import Client

from articles import views
from articles.web.outages import Outage, find_outage
from comments.models import Comment
from comments.models.stamps import add_stamps
from tests import factories, staff
from tests.comments.conftest import Browser
from tests.reading import parsed

pytestmark = pytest.mark.django_db(transaction=True)

SHIP = "/articles/ship/"


@pytest.fixture
def article():
    article = factories.article(slug="ship", title="修理船")
    factories.comment(article, text="一番")
    return article


@pytest.fixture
def writer(article):
    """A reader with a comment."""
    writer = Browser(REMOTE_ADDR="192.0.2.9")
    writer.write(article, "私の意見")
    writer.comment = Comment.objects.get(text="私の意見")
    return writer


@pytest.fixture
def desk():
    """The browser of an editor."""
    desk = Browser(raise_request_exception=False)
    desk.force_login(staff.editor())
    return desk


@pytest.fixture
def moderator():
    browser = Browser(raise_request_exception=False)
    browser.force_login(factories.moderator())
    return browser


@pytest.fixture
def read_only(article, writer, desk, moderator):
    """Let the database refuse every write, as a full disk or a standby does."""
    switch = {
        "sqlite": ("PRAGMA query_only = on", "PRAGMA query_only = off"),
        "postgresql": (
            "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
            "SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE",
        ),
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(switch[0])
    yield
    with connection.cursor() as cursor:
        cursor.execute(switch[1])


@pytest.mark.usefixtures("read_only")
class TestReadOnly:
    def test_reading_goes_on(self):
        for address in (SHIP, "/", "/search/?q=修理船", "/feeds/"):
            assert Client().get(address).status_code == 200

    def test_a_comment_is_refused_and_its_text_comes_back(self, article):
        answer = Browser().write(article, "長い意見")
        assert answer.status_code == 503
        assert int(answer["Retry-After"]) > 0
        assert answer["Cache-Control"] == "private, no-store"
        page = answer.content.decode()
        assert "閲覧のみご利用いただけます" in page
        assert "長い意見" in page
        assert not Comment.objects.filter(text="長い意見").exists()

    def test_a_vote_is_refused(self, article):
        answer = Browser().vote(article.thread.comments.get(text="一番"), 1)
        assert answer.status_code == 503
        assert "閲覧のみご利用いただけます" in answer.content.decode()

    @pytest.mark.once  # a form with faults, which PostgreSQL is not asked about
    def test_an_article_is_not_lost(self, desk):
        fields = {"title": "書きかけの記事", "body": "<p>長い本文</p>", "related": ["1", "2"]}
        answer = desk.send("/admin/articles/article/add/?kind=article", **fields)
        assert answer.status_code == 503
        [form] = parsed(answer).xpath("//form[@method='post']")
        assert form.get("action") == "/admin/articles/article/add/?kind=article"
        assert list(form.form_values()) == [
            ("title", "書きかけの記事"),
            ("body", "<p>長い本文</p>"),
            ("related", "1"),
            ("related", "2"),
        ]

    def test_a_moderators_note_comes_back(self, article, moderator):
        comment = article.thread.comments.get(text="一番")
        path = f"/moderation/comments/{comment.pk}/remove/"
        fields = {"note": "電話があった件", "reason": "privacy", "seen": self.seen(comment)}
        answer = moderator.send(path, **fields)
        assert answer.status_code == 503
        page = answer.content.decode()
        assert "閲覧のみご利用いただけます" in page
        assert "電話があった件" in page

    @staticmethod
    def seen(comment):
        add_stamps([comment])
        return comment.seen

    @pytest.mark.parametrize("door", ["edit", "delete", "report"])
    def test_every_door_says_so(self, article, writer, door):
        own, other = writer.comment, article.thread.comments.get(text="一番")
        comment = other if door == "report" else own
        fields = {"text": "長い意見", "reason": "abuse", "before": comment.digest}
        answer = writer.send(f"/comments/{comment.pk}/{door}/", **fields)
        assert answer.status_code == 503
        assert "閲覧のみご利用いただけます" in answer.content.decode()

    def test_a_login_is_refused(self):
        form = {"username": "editor", "password": "wrong"}
        answer = Client(raise_request_exception=False).post("/admin/login/", form)
        assert answer.status_code == 503
        assert "閲覧のみご利用いただけます" in answer.content.decode()


def test_a_page_without_database_says_so(article, monkeypatch):
    failure = mock.Mock(side_effect=InterfaceError("connection is closed"))
    monkeypatch.setattr(views, "render_article_page", failure)
    answer = Client(raise_request_exception=False).get(SHIP)
    assert (answer.status_code, answer["Cache-Control"]) == (503, "private, no-store")
    assert int(answer["Retry-After"]) > 0
    assert "まもなく再開します" in answer.content.decode()


def test_a_fault_of_the_program_is_no_outage(article, monkeypatch):
    failure = mock.Mock(side_effect=DataError("value too long"))
    monkeypatch.setattr(views, "render_article_page", failure)
    assert Client(raise_request_exception=False).get(SHIP).status_code == 500


@pytest.mark.once
@pytest.mark.parametrize(
    ("text", "outage"),
    [
        ("attempt to write a readonly database", Outage.READ_ONLY),
        ("database or disk is full", Outage.READ_ONLY),
        ("disk I/O error", Outage.READ_ONLY),
        ("unable to open database file", Outage.AWAY),
        ("database is locked", Outage.BUSY),
        ("database table is locked: comments_thread", Outage.BUSY),
        ("no such table: x", None),
    ],
)
def test_sqlite_names_its_outages(text, outage):
    assert find_outage(OperationalError(text)) is outage


@pytest.mark.once
def test_a_full_disk_is_an_outage_too():
    assert find_outage(OSError(errno.ENOSPC, "No space left on device")) is Outage.READ_ONLY
    assert find_outage(FileNotFoundError(errno.ENOENT, "No such file")) is None


@pytest.mark.once
def test_without_static_files_an_error_page_is_still_a_page(article, settings, tmp_path, caplog):
    settings.STATIC_ROOT = tmp_path
    backend = "newsroom.static_files.BundledStaticFilesStorage"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": backend}}
    answer = Client(raise_request_exception=False).get(SHIP)
    page = answer.content.decode()
    assert answer.status_code == 500
    assert page.startswith("<!doctype html>") and "エラーが発生しました" in page
    assert "manage.py collectstatic" in caplog.text


@pytest.mark.once
def test_psycopg_refuses_a_text_without_any_outage():
    error = DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes")
    error.__cause__ = Exception()
    error.__cause__.sqlstate = None
    assert find_outage(error) is None


@pytest.mark.once
@pytest.mark.parametrize(
    ("code", "outage"),
    [
        (None, Outage.AWAY),
        ("08006", Outage.AWAY),
        ("57P01", Outage.AWAY),
        ("57P03", Outage.AWAY),
        ("53300", Outage.AWAY),
        ("25006", Outage.READ_ONLY),
        ("53100", Outage.READ_ONLY),
        ("55P03", Outage.BUSY),
        ("57014", Outage.BUSY),
        ("42703", None),
    ],
)
def test_postgresql_numbers_its_outages(code, outage):
    error = OperationalError("said in some language")
    error.__cause__ = Exception()
    error.__cause__.sqlstate = code
    assert find_outage(error) is outage
