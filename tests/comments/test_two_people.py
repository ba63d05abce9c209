"""Who is taken for the same person: by the cookie, else by the form, never by the network."""

import uuid
from datetime import timedelta

import pytest
from django.conf import settings as site
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from comments import form_tokens
from comments.models import Comment
from tests import factories
from tests.comments.conftest import Browser

LINKS = "http://a.example http://b.example http://c.example"


class Stranger(Browser):
    """A browser that refuses all cookies."""

    def request(self, **request):
        self.cookies.clear()
        return super().request(**request)


def make_token(article, parent=None):
    return form_tokens.make_token(article.pk, parent and parent.pk, is_ripe=True)


def read_token(response):
    return response.content.decode().partition('name="token" value="')[2].partition('"')[0]


def test_two_readers_of_one_network_write_the_same_words(article):
    for _reader in range(2):
        response = Stranger().write(article, "同意です", token=make_token(article))
        assert response.status_code == 303
    assert Comment.objects.count() == 2
    assert len({comment.reader_code for comment in Comment.objects.all()}) == 2


def test_a_form_sent_twice_without_a_cookie_is_one_comment(article):
    token = make_token(article)
    first = Stranger().write(article, "一度だけ", token=token)
    again = Stranger(REMOTE_ADDR="192.0.2.77").write(article, "一度だけ", token=token)
    assert again["Location"] == first["Location"]
    assert first.cookies and not again.cookies
    assert Comment.objects.count() == 1


def test_a_form_may_send_another_text(article):
    token = make_token(article)
    for text in ("一つ目", "二つ目"):
        assert Stranger().write(article, text, token=token).status_code == 303
    assert Comment.objects.count() == 2


def test_a_form_of_another_article_does_not_lead_to_its_comment(article):
    token = make_token(article)
    Stranger().write(article, "一度だけ", token=token)
    other = factories.article(slug="other")
    factories.comment(other)
    response = Stranger().write(other, "一度だけ", token=token)
    assert response.status_code == 422
    assert "一度だけ" in response.content.decode()


def test_a_form_of_another_place_is_another_form(article):
    parent = factories.comment(article)
    token = make_token(article)
    Stranger().write(article, "それな", token=token)
    response = Stranger().write(article, "それな", token=token, parent=parent.pk)
    assert response.status_code == 422
    assert Comment.objects.count() == 2


def test_without_cookie_and_token_the_second_is_asked_and_loses_nothing(article):
    first, second = Stranger(), Stranger()
    assert first.write(article, "それな").status_code == 303
    asked = second.write(article, "それな")
    page = asked.content.decode()
    assert asked.status_code == 422 and "それな" in page and not asked.cookies
    assert 'name="confirmed" value="on"' in page
    token = read_token(asked)
    answer = second.write(article, "それな", confirmed="on", token=token)
    assert answer.status_code == 303
    assert second.write(article, "それな", confirmed="on", token=token).status_code == 303
    assert Comment.objects.count() == 2


@pytest.mark.parametrize("change", ["text", "network", "place", "time"])
def test_only_the_same_words_of_a_network_are_asked_about(article, change):
    parent = factories.comment(article, text="元の文")
    Stranger().write(article, "それな")
    if change == "time":
        Comment.objects.update(posted_at=timezone.now() - timedelta(seconds=601))
    fields = {"parent": parent.pk} if change == "place" else {}
    text = "これな" if change == "text" else "それな"
    other = Stranger(REMOTE_ADDR="192.0.2.9") if change == "network" else Stranger()
    assert other.write(article, text, **fields).status_code == 303


def test_the_held_comment_of_another_is_not_even_asked_about(article):
    for _reader in range(2):
        assert Stranger().write(article, LINKS).status_code == 303
    assert Comment.objects.held().count() == 2


def test_the_question_is_asked_under_the_lock_too(article, settings):
    """Where no limits hold, a double click still makes no second comment."""
    settings.COMMENT_LIMITS = False
    Stranger().write(article, "それな")
    assert Stranger().write(article, "それな").status_code == 422


def test_a_reader_with_a_cookie_is_known_by_it_and_by_the_form(reader, article):
    token = make_token(article)
    first = reader.write(article, "それな", token=token)
    assert reader.write(article, "それな")["Location"] == first["Location"]
    Comment.objects.update(posted_at=timezone.now() - timedelta(hours=1))
    assert reader.write(article, "それな", token=token)["Location"] == first["Location"]
    assert reader.write(article, "それな", token=make_token(article)).status_code == 303
    assert Comment.objects.count() == 2
    other = Browser()
    other.write(article, "別の人の文")
    answer = other.write(article, "それな", token=token)
    assert answer["Location"] == first["Location"] and not answer.cookies


@pytest.mark.parametrize("browser", [Stranger, Browser])
def test_a_removed_text_may_be_sent_again_with_the_same_form(article, moderator, browser):
    token, browser = make_token(article), browser()
    browser.write(article, "もう一度", token=token)
    Comment.objects.get().remove(by=moderator.user, reason="other")
    browser.write(article, "もう一度", token=token)
    assert Comment.objects.published().get().text == "もう一度"


def test_the_database_refuses_a_form_twice(article):
    same = uuid.uuid4()
    factories.comment(article, submission=same)
    with pytest.raises(IntegrityError), transaction.atomic():
        Comment.objects.filter(pk=factories.comment(article).pk).update(submission=same)


def test_each_form_has_a_token_of_its_own(reader, article):
    path = f"/threads/{article.pk}/token/"
    tokens = {reader.get(path).content.decode() for _ in range(3)}
    parent = factories.comment(article)
    tokens |= {read_token(reader.get(f"/comments/{parent.pk}/reply/")) for _ in range(3)}
    assert len(tokens) == 6


@pytest.mark.parametrize("fields", [{"preview": "1"}, {"text": ""}, {"text": "え" * 12}])
def test_a_form_that_comes_back_has_a_token(article, fields):
    page = Stranger().write(article, **{"text": "文", **fields})
    token = read_token(page)
    assert form_tokens.token_state(token, article.pk) == "good"


def test_many_of_one_network_are_asked_then_held_then_refused(article):
    asked, held, refused = site.COMMENT_RULES["network_rate"][60]
    factories.long_thread(article, refused)
    network = Comment.objects.filter(text="意見 1")
    Stranger().write(article, "最初の文")
    network_hash = Comment.objects.get(text="最初の文").network_hash

    def crowd(size):
        network.model.objects.update(network_hash="", posted_at=timezone.now())
        pks = list(Comment.objects.values_list("pk", flat=True)[:size])
        Comment.objects.filter(pk__in=pks).update(network_hash=network_hash)

    crowd(asked - 1)
    assert Stranger().write(article, "二十人目").status_code == 303
    crowd(asked)
    response = Stranger().write(article, "二十一人目")
    assert response.status_code == 422 and "二十一人目" in response.content.decode()
    assert Stranger().write(article, "二十一人目", confirmed="on").status_code == 303
    assert Comment.objects.get(text="二十一人目").is_published
    crowd(held)
    assert Stranger().write(article, "六十人目", confirmed="on").status_code == 303
    assert Comment.objects.get(text="六十人目").is_held
    crowd(refused)
    assert Stranger().write(article, "二百人目", confirmed="on").status_code == 429


def test_a_robot_with_a_fresh_cookie_a_post_gains_nothing(article):
    asked, _held, _refused = site.COMMENT_RULES["network_rate"][60]
    statuses = [Stranger().write(article, f"宣伝 {number}").status_code for number in range(25)]
    assert statuses == [303] * asked + [422] * (25 - asked)


def test_a_forged_cookie_a_post_gains_nothing(article):
    asked, _held, _refused = site.COMMENT_RULES["network_rate"][60]
    for number in range(asked + 1):
        browser = Browser()
        browser.cookies["reader"] = f"a-forged-key-of-forty-letters-{number:010}"
        response = browser.write(article, f"宣伝 {number}")
    assert response.status_code == 422


def test_answering_two_people_needs_no_pause(reader, other_reader, article):
    root = factories.comment(article, reader=factories.reader("one"))
    other = factories.comment(article, parent=root, reader=factories.reader("two"))
    again = factories.comment(article, parent=root, reader=factories.reader("one"))
    assert reader.write(article, "一人目へ", parent=root.pk).status_code == 303
    assert reader.write(article, "二人目へ", parent=other.pk).status_code == 303
    assert reader.write(article, "一人目へもう一度", parent=again.pk).status_code == 429
    assert reader.write(article, "同じ文へ二度", parent=root.pk).status_code == 429


def test_reports_that_nobody_judged_slow_nobody_down(reader, article):
    parent = factories.comment(article)
    reader.write(article, "返事", parent=parent.pk)
    for number in range(5):
        parent.reports.create(reason="abuse", network_hash=str(number))
    Comment.objects.filter(text="返事").update(posted_at=timezone.now() - timedelta(seconds=121))
    assert reader.write(article, "もう一度", parent=parent.pk).status_code == 303


@pytest.mark.parametrize("has_token", [True, False])
@pytest.mark.parametrize("browser", [Stranger, Browser])
def test_a_post_costs_no_more_queries_than_before(article, browser, has_token):
    parent, browser = factories.comment(article), browser()
    browser.write(article, "温める")
    token = make_token(article, parent) if has_token else ""
    with CaptureQueriesContext(connection) as queries:
        response = browser.write(article, "返事です", parent=parent.pk, token=token)
    assert response.status_code == 303
    assert len(queries) <= BUDGET


BUDGET = 22
