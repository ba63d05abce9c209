"""Posts and votes take a short way through the middleware, and nobody can tell from the answer."""

import io
from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.core.signals import request_finished, request_started
from django.db import OperationalError
from django.test import Client, override_settings

from comments.models import Comment, Vote
from comments.views import votes
from newsroom.outage_middleware import AWAY
from newsroom.page_cache.application import Rendering
from newsroom.reader_doors import ReaderDoors
from newsroom.wsgi import Handler, handler
from tests import factories

SHORT = "newsroom.reader_doors.ReaderDoorsMiddleware"
OWN = {"Location", "Set-Cookie"}  # of one answer
REQUESTS = {
    "a vote": ("/comments/{pk}/vote/", {"value": 1}, {}),
    "an inline vote": ("/comments/{pk}/vote/inline/", {"value": 1}, {}),
    "no value": ("/comments/{pk}/vote/", {}, {}),
    "a vote on nothing": ("/comments/99999/vote/", {"value": 1}, {}),
    "a post": ("/threads/{article}/comments/", {"text": "それな"}, {}),
    "an inline post": ("/threads/{article}/comments/inline/", {"text": "それな"}, {}),
    "an empty post": ("/threads/{article}/comments/", {"text": ""}, {}),
    "a post in no thread": ("/threads/99999/comments/", {"text": "それな"}, {}),
    "a post from elsewhere": (
        "/threads/{article}/comments/",
        {"text": "それな"},
        {"HTTP_ORIGIN": "https://elsewhere.example"},
    ),
    "an unknown host": ("/comments/{pk}/vote/", {"value": 1}, {"HTTP_HOST": "elsewhere.example"}),
    "a NUL byte": ("/comments/{pk}/vote/?next=%00", {"value": 1}, {}),
    "an unreadable charset": (
        "/comments/{pk}/vote/",
        "value=1",
        {"content_type": "application/x-www-form-urlencoded; charset=utf-7"},
    ),
    "a text as page": ("/threads/{article}/comments/", {"text": "長" * 5_001}, {}),
}


def send(path, form, headers):
    """Send a form as a browser that has posted before. Compressed, a short answer has a random
    length."""
    browser = Client(HTTP_ORIGIN="http://testserver", HTTP_ACCEPT_ENCODING="identity")
    browser.cookies["reader"] = "a-reader-key-long-enough-for-this"
    return browser.post(path, form, **headers)


@pytest.mark.django_db
@pytest.mark.parametrize("name", REQUESTS)
def test_the_short_way_answers_as_the_long_one(settings, name):
    path, form, headers = REQUESTS[name]
    answers = []
    one, two, three = (factories.comment(factories.article()) for _ in range(3))
    # With keys of one length the answers are equally long: short ones are not compressed.
    alike = (one, two) if len(str(one.pk)) == len(str(two.pk)) else (two, three)
    ways = settings.MIDDLEWARE, [name for name in settings.MIDDLEWARE if name != SHORT]
    for comment, middleware in zip(alike, ways, strict=True):
        path_here = path.format(pk=comment.pk, article=comment.thread.article_id)
        with override_settings(MIDDLEWARE=middleware):
            answers.append(send(path_here, form, headers))
    short, long = answers
    assert SHORT in settings.MIDDLEWARE
    assert short.status_code == long.status_code
    assert short.headers.keys() == long.headers.keys()
    assert {n: v for n, v in short.headers.items() if n not in OWN | {"Content-Length"}} == {
        n: v for n, v in long.headers.items() if n not in OWN | {"Content-Length"}
    }


@pytest.mark.django_db
def test_the_short_way_touches_no_session(monkeypatch):
    monkeypatch.setattr(
        "django.contrib.sessions.middleware.SessionMiddleware.process_request", None
    )
    comment = factories.comment(factories.article())
    assert send(f"/comments/{comment.pk}/vote/", {"value": 1}, {}).status_code == 303
    article = comment.thread.article_id
    assert send(f"/threads/{article}/comments/", {"text": "それな"}, {}).status_code == 303
    assert Comment.objects.count() == 2


def call(application, path, form, headers):
    """Call a WSGI application as ``send`` calls the middleware; return its whole answer."""
    headers = dict(headers)
    kind = headers.pop("content_type", "application/x-www-form-urlencoded")
    body = (form if isinstance(form, str) else urlencode(form)).encode()
    path, _, query = path.partition("?")
    environ = {
        "REQUEST_METHOD": "POST",
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "testserver",
        "HTTP_ORIGIN": "http://testserver",
        "HTTP_ACCEPT_ENCODING": "identity",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_COOKIE": "reader=a-reader-key-long-enough-for-this",
        "CONTENT_TYPE": kind,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": None,
        **headers,
    }
    return Rendering.run(application, environ)


@pytest.fixture(autouse=True)
def stay_connected(monkeypatch):
    """Keep the transaction of a test: Django closes connections when a request begins and ends."""
    for signal in (request_started, request_finished):
        monkeypatch.setattr(signal, "send", lambda **given: [])


@pytest.fixture
def doors():
    """The WSGI application, which has sent a redirect before."""
    doors = ReaderDoors(handler)
    comment = factories.comment(factories.article())
    call(doors, f"/comments/{comment.pk}/vote/", {"value": 0}, {})
    return doors


@pytest.mark.django_db
@pytest.mark.parametrize("name", REQUESTS)
def test_the_server_answers_as_django(doors, name):
    path, form, headers = REQUESTS[name]
    answers = []
    for application in (doors, handler):
        comment = factories.comment(factories.article())
        path_here = path.format(pk=comment.pk, article=comment.thread.article_id)
        answers.append(call(application, path_here, form, headers))
        cache.clear()
    ours, djangos = ({**dict(answer.headers), "": answer.status} for answer in answers)
    assert ours.keys() == djangos.keys()
    own = OWN | {"Content-Length"} if int(ours[""][:3]) != 303 else OWN
    assert {n: v for n, v in ours.items() if n not in own} == {
        n: v for n, v in djangos.items() if n not in own
    }


@pytest.mark.django_db
def test_a_redirect_passes_by_the_middleware(doors, monkeypatch):
    monkeypatch.setattr(Handler, "get_response", None)
    comment = factories.comment(factories.article())
    answer = call(doors, f"/comments/{comment.pk}/vote/", {"value": 1}, {"HTTP_COOKIE": ""})
    assert answer.status == "303 See Other" and answer.content == b""
    assert "reader=" in dict(answer.headers)["Set-Cookie"]
    assert Vote.objects.count() == 1


@pytest.mark.django_db
def test_the_view_is_asked_once_whatever_comes_of_it(doors, monkeypatch):
    asked, errors = [], [OperationalError("is locked"), ValueError()]

    def fail(*given):
        asked.append(given)
        raise errors[len(asked) - 1]

    monkeypatch.setattr(votes, "_vote", fail)
    for status in ("503", "500"):
        with override_settings(DEBUG_PROPAGATE_EXCEPTIONS=False):
            answer = call(doors, "/comments/1/vote/", {"value": 1}, {})
        assert answer.status.startswith(status)
        assert "Content-Security-Policy" in dict(answer.headers)
    assert len(asked) == 2


@pytest.mark.django_db
def test_nothing_is_asked_without_encryption_or_database(monkeypatch):
    monkeypatch.setattr(votes, "_vote", None)
    assert call(ReaderDoors(handler), "/comments/1/vote/", {}, {AWAY: True}).status[:3] == "503"
    with override_settings(SECURE_SSL_REDIRECT=True):
        strict = Handler()
        answer = call(ReaderDoors(strict), "/comments/1/vote/", {}, {})
    assert answer.status[:3] == "301"
