"""The list of what waits: its kinds, its order, its pages."""

from datetime import timedelta

import pytest
from django.utils import timezone

from comments import verification, waiting
from comments.models import Comment, Mention, Objection, Report
from comments.waiting import count_waiting, find_waiting, list_waiting
from tests import factories

NOW = timezone.now()


def ago(minutes):
    return NOW - timedelta(minutes=minutes)


def held(article, text, minutes):
    comment = factories.comment(article, text=text, state="held")
    Comment.objects.filter(pk=comment.pk).update(posted_at=ago(minutes), first_reason="check")
    return comment


def report(comment, minutes, reporter="r"):
    Report.objects.create(
        comment=comment, reason="spam", reporter=reporter, reported_at=ago(minutes)
    )


@pytest.fixture
def queue(article, moderator):
    """One of each kind, and one comment that waits for two reasons."""
    old, both = held(article, "古い", 50), held(article, "両方", 40)
    report(both, 10)
    reported = factories.comment(article, text="通報された")
    report(reported, 30)
    report(reported, 5, reporter="s")
    edited = factories.comment(article, text="直した")
    Comment.objects.filter(pk=edited.pk).update(is_unseen=True, edited_at=ago(20))
    removed = factories.comment(article, text="消された")
    action = removed.remove(by=moderator.user, reason="spam")
    Objection.objects.create(comment=removed, action=action, text="なぜ", objected_at=ago(15))
    mention = Mention.objects.create(
        article=article, title="ブログ", state="held", received_at=ago(12)
    )
    return old, both, reported, edited, removed, mention


def keys(kind="", **options):
    return [entry.key for entry in list_waiting(kind, **options)[0]]


def test_all_that_waits_is_listed_once_and_oldest_first(queue):
    old, both, reported, edited, removed, mention = queue
    expected = [old, both, reported, edited, removed]
    assert keys() == [str(comment.pk) for comment in expected] + [f"m{mention.pk}"]
    assert keys(newest_first=True) == keys()[::-1]


def test_each_kind_lists_all_of_its_own(queue):
    old, both, reported, edited, removed, mention = queue
    assert keys("held") == [str(old.pk), str(both.pk)]
    assert keys("reported") == [str(reported.pk), str(both.pk)]
    assert keys("edited") == [str(edited.pk)]
    assert keys("objections") == [str(removed.pk)]
    assert keys("mentions") == [f"m{mention.pk}"]


def test_counts_and_the_oldest(queue):
    counts = count_waiting()
    assert (counts.held, counts.reported, counts.edited) == (2, 2, 1)
    assert (counts.objections, counts.mentions, counts.total) == (1, 1, 6)
    assert counts.oldest == ago(50)


def test_entries_know_their_reports_and_objections(queue):
    entries = {entry.pk: entry for entry in list_waiting()[0] if not entry.is_mention}
    old, both, reported, _edited, removed, _mention = queue
    assert [entries[comment.pk].reports for comment in (old, both, reported)] == [0, 1, 2]
    assert entries[removed.pk].is_objected


@pytest.mark.parametrize("newest_first", [False, True])
def test_pages_lose_and_repeat_nothing(queue, monkeypatch, newest_first):
    """Also where several wait since the same moment."""
    Comment.objects.held().update(posted_at=ago(12))
    whole = keys(newest_first=newest_first)
    monkeypatch.setattr(waiting, "PAGE", 1)
    paged, after, more = [], "", True
    while more:
        entries, more = list_waiting(newest_first=newest_first, after=after)
        paged += [entry.key for entry in entries]
        after = entries[-1].cursor
    assert paged == whole and len(whole) == 6


@pytest.mark.parametrize("after", ["x", "1", "9" * 18 + ".1", "-1.1", "1.m"])
def test_a_malformed_place_in_the_list_is_harmless(queue, after):
    list_waiting(after=after)


@pytest.mark.parametrize(("key", "is_there"), [("x", False), ("m", False), ("999999", False)])
def test_an_entry_is_found_by_its_key(queue, key, is_there):
    assert (find_waiting(key) is not None) == is_there
    assert find_waiting(f"m{queue[-1].pk}").subject == queue[-1]


def test_the_list_makes_a_constant_number_of_queries(queue, article, django_assert_num_queries):
    for number in range(20):
        report(held(article, f"待つ {number}", number), number)
    with django_assert_num_queries(9):
        list_waiting()
    with django_assert_num_queries(5):
        count_waiting()


@pytest.mark.parametrize("is_held_first", [True, False])
def test_what_is_held_again_waits_since_the_first_time(article, is_held_first):
    moderator = factories.moderator()
    comment = held(article, "待つ", 90) if is_held_first else factories.comment(article)
    first = None if is_held_first else comment.hold(by=moderator)
    again = [comment.hold(by=moderator) for _press in range(2)]
    since = first.created_at if first else ago(90)
    assert count_waiting().oldest == since
    again[0].undo(by=moderator)
    assert count_waiting().oldest == since
    comment = Comment.objects.get(pk=comment.pk)
    assert not verification.find_faults(comment.thread)
    if first:
        first.undo(by=moderator)
        assert count_waiting().oldest == again[1].created_at
        comment = Comment.objects.get(pk=comment.pk)
        assert not verification.find_faults(comment.thread)
