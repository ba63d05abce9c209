"""What reports weigh, and that together they hold a comment, but never those of one network."""

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as some

from comments.models import Comment, ModerationAction, Report
from comments.models.report_weights import Voice, compute_reporter_weight, is_past_threshold
from comments.readers import Reader, hash_key
from tests import factories

THRESHOLD = 3


@pytest.fixture(autouse=True)
def threshold(settings):
    settings.COMMENT_HOLD_AT_REPORTS = THRESHOLD


@pytest.fixture
def comment(article):
    return factories.comment(article, text="通報される意見")


def reporter(name, narrow=None, wide=None, *, has_key=True):
    key = hash_key(f"a-key-that-is-long-enough-{name}") if has_key else ""
    narrow = narrow or f"narrow {name}"
    return Reader(hash=key, network_hash=narrow, wide_hashes=(narrow, wide or f"wide {name}"))


def report(comment, reader, **fields):
    return Report.objects.file(comment, reader=reader, reason="spam", **fields)


def is_held(comment):
    comment.refresh_from_db()
    return comment.is_held


def judge_reports(name, *, upheld, of):
    """Let a reader have ``of`` judged reports."""
    moderator = factories.user(f"judge of {name}")
    article = factories.article()
    for number in range(of):
        comment = factories.comment(article, text=f"意見 {number}")
        report(comment, reporter(name))
        if number < upheld:
            comment.remove(by=moderator, reason="spam")
        else:
            comment.keep(by=moderator)


def test_a_reader_weighs_by_how_often_reports_were_upheld():
    weights = [compute_reporter_weight(judged, judged) for judged in (0, 4, 5, 50, 5_000)]
    assert weights[:2] == [1, 1] and weights == sorted(weights) and weights[-1] == 1.75
    assert compute_reporter_weight(4, 0) == 1 > compute_reporter_weight(5, 0) > 0.25
    assert compute_reporter_weight(5_000, 0) == 0.25
    assert compute_reporter_weight(10, 5) == 1
    assert compute_reporter_weight(0, 0, has_key=False) == 0.5


voices = some.builds(
    Voice,
    week=some.tuples(some.just(2026), some.integers(1, 3)),
    narrow=some.text("ab", min_size=1, max_size=3),
    wide=some.just("one /48"),
    weight=some.floats(0.1, 1.75),
)


@given(some.lists(voices, max_size=200), some.integers(1, 3))
def test_no_number_of_reports_of_one_network_is_enough(of_one, threshold):
    assert not is_past_threshold(of_one, threshold)


def test_the_readers_of_a_network_have_one_voice():
    crowd = [Voice((2026, 1), f"n{n}", "one /48", 1.75) for n in range(500)]
    assert not is_past_threshold([*crowd, Voice((2026, 1), "other", "other", 1)], 3)
    assert is_past_threshold([*crowd, Voice((2026, 1), "other", "other", 1.25)], 3)


def test_one_network_does_not_become_two_on_monday():
    voices = [Voice((2026, week), f"n{week}", f"w{week}", 1.75) for week in (1, 2)]
    assert not is_past_threshold(voices, 3)


def test_enough_reports_hold_a_comment_by_the_site(comment):
    for name in ("a", "b"):
        report(comment, reporter(name))
        assert not is_held(comment)
    report(comment, reporter("c"))
    assert is_held(comment) and comment.reason == "reports"
    act = ModerationAction.objects.get()
    assert (act.actor, act.verb, act.moderator) == ("site", "hold", None)
    assert Report.objects.open().count() == 3


def test_a_crowd_of_one_network_holds_nothing(comment):
    for number in range(30):
        report(comment, reporter(number, f"/64 {number}", "one /48"))
    assert not is_held(comment)


def test_readers_without_a_key_count_half(comment):
    for name in range(5):
        report(comment, reporter(name, has_key=False))
        assert not is_held(comment)
    report(comment, reporter(6, has_key=False))
    assert is_held(comment)


def test_readers_who_are_often_right_weigh_more(comment):
    for name in ("a", "b"):
        judge_reports(name, upheld=6, of=6)
    report(comment, reporter("a"))
    assert not is_held(comment)
    report(comment, reporter("b"))
    assert is_held(comment)


def test_readers_who_are_never_right_weigh_less(comment):
    for name in ("a", "b", "c"):
        judge_reports(name, upheld=0, of=6)
    for name in ("a", "b", "c", "d"):
        report(comment, reporter(name))
    assert not is_held(comment)


def test_undoing_a_decision_takes_back_that_it_upheld_a_report(article):
    comment = factories.comment(article, text="広告")
    report(comment, reader := reporter("a"))
    by = factories.user("三澄")
    act = comment.remove(by=by, reason="spam")
    assert Report.objects.count_judged([reader.hash]) == {reader.hash: (1, 1)}
    act.undo(by=by)
    assert Report.objects.count_judged([reader.hash]) == {}
    comment.keep(by=by)
    assert Report.objects.count_judged([reader.hash]) == {reader.hash: (1, 0)}


@pytest.mark.parametrize("verb", ["approve", "keep"])
def test_what_a_moderator_left_is_not_held_again(comment, verb):
    for name in ("a", "b", "c"):
        report(comment, reporter(name))
    comment.refresh_from_db()
    comment.approve(by=(by := factories.user("三澄")))
    if verb == "keep":
        comment.keep(by=by)
    for name in range(10):
        report(comment, reporter(name))
    assert not is_held(comment)


def test_a_new_text_can_be_held_again(comment):
    comment.keep(by=factories.user("三澄"))
    Comment.objects.filter(pk=comment.pk).update(
        text="書き直した意見", edited_at=timezone.now() + timedelta(seconds=1)
    )
    for name in ("a", "b", "c"):
        report(comment, reporter(name))
    assert is_held(comment)


def test_reports_about_an_older_text_do_not_count(comment):
    for name in ("a", "b"):
        report(comment, reporter(name))
    Comment.objects.filter(pk=comment.pk).update(text="書き直した", edited_at=timezone.now())
    report(comment, reporter("c"))
    assert not is_held(comment)


def test_a_threshold_of_zero_holds_nothing(comment, settings):
    settings.COMMENT_HOLD_AT_REPORTS = 0
    for name in range(5):
        report(comment, reporter(name))
    assert not is_held(comment)


def test_a_report_that_comes_too_late_is_answered(article, comment, reader):
    for name in ("a", "b", "c"):
        report(comment, reporter(name))
    answer = reader.send(f"/comments/{comment.pk}/report/", reason="spam", text="広告です")
    assert answer.status_code == 404 and "広告です" in answer.content.decode()
