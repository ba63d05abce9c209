"""A public page is everybody's: no cookie, no Vary, no personal byte, whoever asked before."""

import re
from html import unescape
from itertools import permutations

import pytest
from django.core.cache import cache

from comments.models import Comment, Thread, trees
from tests import factories
from tests.comments.conftest import Browser
from tests.reading import parsed, parts, read, text


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


def test_a_comments_own_page_is_a_part_of_the_articles(article):
    """Search engines read the page of a comment, and list the article's, which has the same."""
    comment = factories.comment(article, text="一つ目")
    factories.comment(article, text="返事", parent=comment)
    page = read(Browser(), f"/comments/{comment.pk}/")
    assert not page.xpath("//meta[@name='robots']")
    canonical = page.xpath("//link[@rel='canonical']/@href")
    assert canonical == [f"http://testserver{article.get_absolute_url()}"]
    for form in ("reply", "report"):
        of_form = read(Browser(), f"/comments/{comment.pk}/{form}/")
        assert of_form.xpath("//meta[@name='robots']/@content") == ["noindex"]


def test_a_comments_own_page_says_how_many_its_id_has(article, reader):
    first = reader.write(article, "一つ目")["Location"]
    reader.write(article, "二つ目", parent=first.strip("/").rpartition("/")[2])
    page = Browser().get(first).content.decode()
    assert re.findall(r"ID:\S+\s(\d/\d)", page) == ["1/2", "2/2"]


def test_replies_behind_a_removed_flood_can_be_reached(article):
    top = factories.comment(article, text="話題")
    replies = [Comment(parent=top, text="荒らし", html="<p>荒らし</p>") for _ in range(250)]
    for comment in replies[:210]:
        comment.state = comment.first_state = "removed"
    with trees.thread_write(article) as thread:
        trees.insert_many(replies, thread=thread, max_depth=100)
    first = Browser().get(f"/comments/{top.pk}/").content.decode()
    assert "?page=2#replies" in first
    second = Browser().get(f"/comments/{top.pk}/?page=2").content.decode()
    assert f'data-number="{replies[-1].number}"' in second


@pytest.mark.django_db
def test_large_counts_have_commas_scores_and_addresses_have_none(client):
    article = factories.article(pk=4321)
    comment = factories.comment(article, text="満員")
    Thread.objects.update(published_count=1234)
    Comment.objects.update(score=1500, imported_score=1500)
    page = read(client, article.get_absolute_url())
    (count,) = page.xpath("//*[@data-count]")
    assert (text(count), count.get("data-count")) == ("1,234", "1234")
    assert text(parts(page, "comment__score")[0]) == "1500"
    assert page.xpath("//section[@data-thread='4321']")
    assert page.xpath(f"//article[@id='comment-{comment.pk}'][@data-number='1']")
    (row,) = parts(read(client, "/"), "row__count")
    assert text(row).startswith("1,234")


def test_a_question_does_not_look_like_a_refusal(reader, article):
    asked = parsed(reader.write(article, "ええええええええええええ"))
    assert parts(asked, "form__asked", "form__error")
    refused = parsed(reader.write(article, ""))
    assert parts(refused, "form__error")
    assert not parts(refused, "form__asked")


def test_a_name_and_a_text_take_their_own_direction(reader, article):
    factories.comment(article, text="שלום\n\n賛成", name="דנה")
    page = reader.get(article.get_absolute_url()).content.decode()
    assert '<p dir="auto">שלום</p><p>賛成</p>' in page
    assert '<bdi\nclass="comment__author">דנה</bdi>' in page
    assert page.count('" dir="auto"') == 2  # the fields for a text and a name


def test_white_space_reaches_the_page_and_the_feed(reader, article):
    factories.comment(article, text="  a\n\n　　∧＿∧\nb   c")
    page = reader.get(article.get_absolute_url()).content.decode()
    assert "<p>  a</p><p>　　∧＿∧<br>b   c</p>" in page
    feed = unescape(reader.get(f"/threads/{article.pk}/feed/").content.decode())
    assert "<p>\u00a0 a</p><p>　　∧＿∧<br>b\u00a0\u00a0 c</p>" in feed
