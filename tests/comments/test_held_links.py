"""A held comment is shown to its writer, also where the browser keeps no cookie."""

from unittest import mock

import pytest

from comments.models import Comment
from tests import factories
from tests.comments.test_two_people import LINKS, Stranger, make_token

HELD = "comment__held"


@pytest.fixture
def address(article):
    return Stranger().write(article, f"資料です {LINKS}")["Location"]


def test_the_writer_sees_it_wait_without_a_cookie_also_after_a_reload(address):
    writer = Stranger()
    for _load in range(2):
        response = writer.get(address)
        page = response.content.decode()
        assert response.status_code == 200 and HELD in page and "資料です" in page
    assert response["Cache-Control"] == "private, no-store"
    assert response["Referrer-Policy"] == "strict-origin"
    assert f"/comments/{Comment.objects.get().pk}/delete/" not in page


def test_nobody_else_sees_it(reader, article, address):
    pk = Comment.objects.get().pk
    other = Stranger().write(article, f"別の資料 {LINKS}", token=make_token(article))["Location"]
    signature = address.partition("held=")[2]
    stolen = other.partition("held=")[2]
    for query in ("", f"?held={stolen}", f"?held={pk}", f"?held={signature[:-2]}", "?held=x%20"):
        assert reader.get(f"/comments/{pk}/{query}").status_code == 404
    page = reader.get(article.get_absolute_url(), {"held": signature})
    assert "資料です" not in page.content.decode()
    assert signature not in page.content.decode()


def test_the_link_ends(reader, address):
    with mock.patch("django.core.signing.time.time", return_value=4_000_000_000):
        assert reader.get(address).status_code == 404


def test_the_link_tells_what_was_decided(reader, article, address, moderator):
    comment = Comment.objects.get()
    comment.remove(by=moderator.user, reason="spam")
    page = reader.get(address).content.decode()
    assert "資料です" not in page and HELD not in page
    comment.approve(by=moderator.user)
    page = reader.get(address).content.decode()
    assert "資料です" in page and HELD not in page


def test_a_form_sent_twice_leads_to_the_held_comment_again(article):
    token = make_token(article)
    for _click in range(2):
        response = Stranger().write(article, LINKS, token=token)
        assert HELD in Stranger().get(response["Location"]).content.decode()
    assert Comment.objects.count() == 1


def test_a_reader_with_a_cookie_needs_no_such_link(reader, article):
    reader.write(article, "一つ目")
    assert reader.write(article, LINKS)["Location"] == f"/comments/{Comment.objects.last().pk}/"


def test_a_published_comment_needs_no_such_link(article):
    assert "held" not in Stranger().write(article, "公開の文")["Location"]


def test_a_script_shows_it_after_a_reload(article):
    path = f"/threads/{article.pk}/comments/inline/"
    page = Stranger().send(path, text=LINKS).content.decode()
    signature = page.partition('data-held="')[2].partition('"')[0]
    assert HELD in page and signature
    mine = f"/threads/{article.pk}/mine/"
    [held] = Stranger().get(mine, {"held": [signature, "forged:x"]}).json()["held"]
    assert HELD in held["html"] and "/delete/" not in held["html"]
    assert HELD in Stranger().get(held["address"]).content.decode()
    assert Stranger().get(mine, {"held": signature}).json()["own"] == []
    assert Stranger().get(mine).json()["held"] == []
    other = factories.article()
    assert Stranger().get(f"/threads/{other.pk}/mine/", {"held": signature}).json()["held"] == []
    Comment.objects.get().approve(by=None)
    assert Stranger().get(mine, {"held": signature}).json()["held"] == []
