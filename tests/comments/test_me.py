"""The page of what a reader wrote and of the answers to it, and the feed of these answers."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from comments.models import AnswerNotice, Comment, PushSubscription, ReaderFeed
from comments.views import me
from tests import factories
from tests.comments.conftest import Browser
from tests.reading import parsed, texts


@pytest.fixture
def own(reader, article):
    reader.write(article, "最初の文")
    return Comment.objects.get()


@pytest.fixture
def answers(own, other_reader, article):
    other_reader.write(article, "返事です", parent=own.pk)
    other_reader.write(article, ">>1 番号で答えます")
    return list(Comment.objects.exclude(pk=own.pk).order_by("pk"))


def read_unread(reader, **query):
    page = parsed(reader.get("/me/", query))
    return [int(pk) for pk in page.xpath("//li/@data-answer")]


def make_feed(reader):
    reader.send("/me/feed/")
    (address,) = parsed(reader.get("/me/")).xpath("//input[@id='address']/@value")
    return address.removeprefix("http://testserver")


def test_an_answer_stays_unread_until_it_was_shown(reader, other_reader, own, answers):
    reply, by_number = answers
    for _visit in range(2):
        page = reader.get("/me/")
        assert "no-store" in page["Cache-Control"]
        assert read_unread(reader) == [by_number.pk, reply.pk]
    assert "未読2" in page.content.decode().replace(" ", "")
    assert reader.send("/me/seen/", answer=by_number.pk)["Location"] == "/me/#answers"
    assert read_unread(reader) == [reply.pk]
    assert "番号で答えます" in reader.get("/me/").content.decode()
    assert read_unread(other_reader) == []


def test_the_unread_come_first_over_all_pages(reader, own, answers, monkeypatch):
    monkeypatch.setattr(me, "A_PAGE", 1)
    reply, by_number = answers
    assert read_unread(reader) == [by_number.pk]
    assert read_unread(reader, answers=2) == [reply.pk]
    reader.send("/me/seen/", answer=by_number.pk)
    assert read_unread(reader) == [reply.pk]


def test_only_answers_to_the_reader_are_marked(reader, other_reader, own, answers, article):
    strange = factories.comment(article, text="別の話")
    for browser, pk in (
        (reader, strange.pk),
        (other_reader, answers[0].pk),
        (Browser(), answers[0].pk),
        (reader, "9" * 40),
        (reader, "x"),
    ):
        assert browser.send("/me/seen/", answer=pk).status_code == 303
    assert not AnswerNotice.objects.exists()
    assert reader.post("/me/seen/", {"answer": answers[0].pk}).status_code == 403
    for _twice in range(2):
        reader.send("/me/seen/", answer=answers[0].pk)
    assert AnswerNotice.objects.get().answer == answers[0]


def test_a_stranger_reads_what_the_page_is_for_and_search_engines_may(db):
    answer = Browser().get("/me/")
    assert answer["Cache-Control"] == "private, no-store"
    assert not answer.has_header("X-Robots-Tag")
    page = parsed(answer)
    assert not page.xpath("//meta[@name='robots']")
    assert "このブラウザーで書いたコメントはまだありません" in " ".join(
        page.xpath("//main")[0].text_content().split()
    )


def test_a_removed_answer_is_told_no_more(reader, own, answers, moderator):
    answers[0].remove(by=moderator.user, reason="spam")
    assert read_unread(reader) == [answers[1].pk]


def test_the_secret_feed_tells_of_answers_to_whoever_knows_it(reader, own, answers):
    address = make_feed(reader)
    response = Browser().get(address)
    assert response["Content-Type"].startswith("application/atom+xml")
    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Robots-Tag"] == "noindex"
    assert response["Referrer-Policy"] == "no-referrer"
    text = response.content.decode()
    assert "返事です" in text and "番号で答えます" in text and "最初の文" not in text
    assert read_unread(reader) == [answers[1].pk, answers[0].pk]  # a feed reader is no reader


def test_a_new_or_voided_address_ends_the_old_one(reader, other_reader, own, answers):
    first = make_feed(reader)
    second = make_feed(reader)
    assert (Browser().get(first).status_code, Browser().get(second).status_code) == (404, 200)
    reader.send("/me/feed/", revoke="1")
    assert Browser().get(second).status_code == 404
    stranger = Browser()
    stranger.send("/me/feed/")
    assert not ReaderFeed.objects.exists()


@pytest.mark.parametrize("token", ["1", "1-", "x-y", "9" * 30 + "-a", "1-\u3042"])
def test_a_guessed_address_is_not_found(reader, own, token):
    make_feed(reader)
    assert Browser().get(f"/me/feed/{token}/").status_code == 404


def test_what_a_reader_is_told_is_purged_with_the_reader(reader, own, answers):
    make_feed(reader)
    reader.send("/me/seen/", answer=answers[0].pk)
    PushSubscription.objects.create(reader_hash=own.reader_hash, endpoint="https://push.example/1")
    long_ago = timezone.now() - timedelta(days=100)
    Comment.objects.update(posted_at=long_ago)
    for model in (ReaderFeed, PushSubscription):
        model.objects.update(created_at=long_ago)
    call_command("purge_identities", "--older-than", "90d", "--dry-run")
    assert AnswerNotice.objects.exists() and ReaderFeed.objects.exists()
    call_command("purge_identities", "--older-than", "90d")
    for model in (ReaderFeed, PushSubscription, AnswerNotice):
        assert not model.objects.exists()


def test_an_empty_page_offers_no_feed(db):
    page = parsed(Browser().get("/me/"))
    assert not page.xpath("//*[@id='feed' or @id='answers']")


def test_without_scripts_a_button_marks_what_the_page_shows(reader, own, answers):
    page = parsed(reader.get("/me/"))
    (form,) = page.xpath("//form[@action='/me/seen/']")
    reader.send("/me/seen/", answer=[*form.xpath(".//input/@value")])
    assert read_unread(reader) == []
    assert len(texts(parsed(reader.get("/me/")), "answers", "answered__text")) == 2


@pytest.mark.parametrize("act", ["edit", "delete"])
def test_one_who_edits_or_deletes_there_comes_back(reader, own, act):
    (address,) = parsed(reader.get("/me/?page=1")).xpath(f"//a[contains(@href, '/{act}/')]/@href")
    page = parsed(reader.get(address))
    assert page.xpath("//input[@name='next']/@value") == ["/me/?page=1"]
    fields = {"before": own.digest, "text": "次の文", "next": "/me/?page=1"}
    assert reader.send(address, **fields)["Location"] == "/me/?page=1"
