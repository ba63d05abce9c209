"""How fast and how often one may write, and what becomes of what is sent twice."""

import time
from datetime import timedelta
from unittest import mock

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comments import form_tokens, posting
from comments.models import Comment, Thread
from tests import factories
from tests.comments.conftest import Browser


@pytest.fixture
def own(reader, article):
    reader.write(article, "最初の文")
    return Comment.objects.get()


def test_a_double_click_makes_one_comment(reader, article):
    first = reader.write(article, "一度だけ")
    assert reader.write(article, "一度だけ")["Location"] == first["Location"]
    assert Comment.objects.count() == 1


def test_two_people_may_both_write_sorena(reader, other_reader, article):
    reader.write(article, "それな")
    other_reader.write(article, "それな")
    assert Comment.objects.count() == 2


def test_a_flood_is_stopped_and_its_text_kept(reader, article):
    for number in range(5):
        assert reader.write(article, f"連投 {number}").status_code == 303
    answer = reader.write(article, "六つ目")
    assert answer.status_code == 429
    assert "六つ目" in answer.content.decode()
    assert Comment.objects.count() == 5


def test_a_nudge_asks_once_and_then_accepts(reader, article):
    text = "ええええええええええええ"
    answer = reader.write(article, text)
    assert answer.status_code == 422 and text in answer.content.decode()
    assert Comment.objects.count() == 0
    assert reader.write(article, text, confirmed="on").status_code == 303


def test_a_preview_shows_and_writes_nothing(reader, article):
    answer = reader.write(article, "> 引用\n本文", preview="1")
    assert answer.status_code == 200
    assert '<span class="quoted">' in answer.content.decode()
    assert Comment.objects.count() == 0


def test_a_form_token_is_good_from_three_seconds_to_twelve_hours(reader, article, monkeypatch):
    token = reader.get(f"/threads/{article.pk}/token/").content.decode()
    now = time.time()
    assert reader.write(article, "速すぎる", token=token).status_code == 422
    assert form_tokens.token_state(token, article.pk + 1) == "forged"
    assert form_tokens.token_state(token, article.pk, parent_id=5) == "forged"
    assert form_tokens.token_state(token[:-2] + "xx", article.pk) == "forged"
    assert form_tokens.token_state("", article.pk) == "absent"
    for seconds, state in ((2, "early"), (5, "good"), (43_000, "good"), (43_300, "expired")):
        monkeypatch.setattr("django.core.signing.time.time", lambda s=seconds: now + s)
        assert form_tokens.token_state(token, article.pk) == state


def test_a_thread_closes_by_itself(reader, article, settings):
    settings.COMMENT_CLOSE_AFTER_DAYS = 14
    assert reader.write(article, "間に合った").status_code == 303
    article.published_at -= timedelta(days=15)
    article.save()
    assert reader.write(article, "遅かった").status_code == 409
    assert "/reply/" not in reader.get(article.get_absolute_url()).content.decode()


def test_down_votes_count_only_where_the_site_has_them(reader, article, settings):
    comment = factories.comment(article)
    assert reader.vote(comment, -1).status_code == 400
    settings.COMMENT_DOWN_VOTES = True
    assert reader.vote(comment, -1).status_code == 303
    comment.refresh_from_db()
    assert (comment.score, comment.up_votes, comment.down_votes) == (-1, 0, 1)
    reader.vote(comment, 1)
    comment.refresh_from_db()
    assert comment.score == 1


def test_a_vote_in_place_answers_with_the_new_score(reader, article):
    comment = factories.comment(article)
    answer = reader.send(f"/comments/{comment.pk}/vote/inline/", value=1)
    assert answer.status_code == 200 and "1" in answer.content.decode()
    assert "<html" not in answer.content.decode()


def test_a_post_in_place_answers_with_the_comment_or_the_form(reader, article):
    answer = reader.send(f"/threads/{article.pk}/comments/inline/", text="その場で")
    assert answer.status_code == 200
    assert 'class="comment' in answer.content.decode() and "その場で" in answer.content.decode()
    wrong = reader.send(f"/threads/{article.pk}/comments/inline/", text="")
    assert wrong.status_code == 422 and "<textarea" in wrong.content.decode()


def test_a_closed_thread_has_no_reply_form(reader, article):
    comment = factories.comment(article)
    Thread.objects.update(first_open=False)
    assert reader.get(f"/comments/{comment.pk}/reply/").status_code == 409


def test_a_text_may_be_sent_again_after_it_was_deleted(reader, article, own):
    reader.send(f"/comments/{own.pk}/delete/", before=own.digest)
    reader.write(article, "最初の文")
    assert Comment.objects.published().get().text == "最初の文"


def test_a_reply_sent_twice_is_the_reply_that_exists(reader, article):
    parent = factories.comment(article)
    first = reader.write(article, "返事", parent=parent.pk)
    again = reader.write(article, "返事", parent=parent.pk)
    assert (again.status_code, again["Location"]) == (303, first["Location"])
    assert reader.write(article, "別の返事", parent=parent.pk).status_code == 429


def test_five_thousand_characters_in_lines_of_a_browser(reader, article):
    text = "\r\n".join(["港の話" * 13 + "。"] * 121)
    assert len(text) > 5_000 and reader.write(article, text).status_code == 303


def test_a_comment_names_and_lists_only_so_many(article):
    for number in range(40):
        factories.comment(article, text=f"{number}")
    text = " ".join(f">>{number}" for number in range(1, 41))
    named = factories.comment(article, text=text)
    assert named.references.count() == 20
    for number in range(40):
        factories.comment(article, text=f">>1 {number}")
    assert Comment.objects.get(number=1).answers.count() == 30


def test_a_parent_of_five_thousand_digits_is_no_error(reader, article):
    assert reader.write(article, "本文", parent="9" * 5_000).status_code == 422
    assert reader.get(f"/threads/{article.pk}/token/?parent={'9' * 5_000}").status_code == 200


def test_the_pause_in_a_branch_holds_under_the_lock(reader, article, own, monkeypatch):
    """Two replies of one reader at once: the second sees the first only under the lock."""
    facts, written = posting.gather_draft_facts, []

    def slow_facts(*arguments):
        found = facts(*arguments)
        if not written:
            written.append(True)
            Browser.write(reader, article, "先の返事", parent=own.pk)
        return found

    monkeypatch.setattr(posting, "gather_draft_facts", slow_facts)
    assert reader.write(article, "後の返事", parent=own.pk).status_code == 429
    assert own.replies.count() == 1


def test_who_is_asked_may_say_yes_at_once(reader, article):
    """The form that comes back keeps its token: nobody waits for a fresh one to ripen."""
    token = form_tokens.make_token(article.pk)
    with mock.patch("time.time", return_value=time.time() + 5):
        asked = reader.write(article, "ええええええええええええ", token=token)
        assert f'name="token" value="{token}"' in asked.content.decode()
        answer = reader.write(article, "ええええええええええええ", token=token, confirmed="on")
    assert answer.status_code == 303


def test_a_closing_time_costs_no_query(reader, article, settings):
    """The article is known: nobody reads it again, its whole body with it, under the lock."""
    parent = factories.comment(article)
    reader.write(article, "一つ目")
    settings.COMMENT_LIMITS = False
    with CaptureQueriesContext(connection) as open_for_ever:
        reader.write(article, "二つ目", parent=parent.pk)
    settings.COMMENT_CLOSE_AFTER_DAYS = 30
    with CaptureQueriesContext(connection) as closing:
        assert reader.write(article, "三つ目", parent=parent.pk).status_code == 303
    assert len(closing) == len(open_for_ever)
