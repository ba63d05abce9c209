"""Posts and votes take a short way through the middleware, and nobody can tell from the answer."""

import pytest
from django.test import Client, override_settings

from comments.models import Comment
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
