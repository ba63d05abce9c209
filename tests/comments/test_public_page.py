"""A public page is everybody's: no cookie, no Vary, no personal byte, whoever asked before."""

from itertools import permutations

import pytest
from django.core.cache import cache

from comments.models import Comment
from tests import factories
from tests.comments.conftest import Browser


@pytest.fixture
def people(article, moderator):
    """A reader, a writer with a vote and a held comment, and a moderator."""
    writer = Browser(REMOTE_ADDR="192.0.2.77")
    other = factories.comment(article, text="元の意見")
    writer.write(article, "公開の返事", parent=other.pk)
    writer.write(article, "http://a.example http://b.example http://c.example")
    writer.vote(other, 1)
    moderator.get(f"/moderation/threads/{article.pk}/")
    return {"reader": Browser(), "writer": writer, "moderator": moderator}


@pytest.mark.parametrize("order", list(permutations(["reader", "writer", "moderator"])))
def test_the_page_is_the_same_in_every_order(article, people, order):
    cache.clear()
    pages = [people[who].get(article.get_absolute_url()) for who in order]
    assert len({page.content for page in pages}) == 1
    for page in pages:
        assert page.status_code == 200
        assert not page.cookies
        assert "cookie" not in page.get("Vary", "").lower()
        assert "a.example" not in page.content.decode()
        assert Comment.objects.held().get().reader_hash not in page.content.decode()


@pytest.mark.parametrize("path", ["", "news/", "feed/"])
def test_what_is_public_needs_no_session(article, people, path):
    address = f"/threads/{article.pk}/{path}" if path else "/"
    answers = [browser.get(address) for browser in people.values()]
    assert len({answer.content for answer in answers}) == 1
    assert all("cookie" not in answer.get("Vary", "").lower() for answer in answers)


def test_what_is_personal_is_never_kept(article, people):
    comment = Comment.objects.first()
    for path in (
        f"/threads/{article.pk}/mine/",
        f"/threads/{article.pk}/token/",
        f"/comments/{comment.pk}/",
        f"/comments/{comment.pk}/reply/",
        "/me/",
    ):
        answer = people["writer"].get(path)
        assert answer["Cache-Control"] == "private, no-store", path
        assert not answer.has_header("ETag")
