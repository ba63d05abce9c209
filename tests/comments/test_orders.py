"""The orders of a thread: stable, the same in Python and in the database, fair to latecomers."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments.models import Comment
from comments.orders import ORDERS, compute_popularity, compute_wilson_bound
from comments.thread_pages import COMMENTS, compute_share
from tests import factories


@given(st.lists(st.integers(1, 900), min_size=1, max_size=50))
def test_a_share_is_fair_and_fills_the_page(sizes):
    share = compute_share(sizes, COMMENTS)
    assert sum(min(size, share) for size in sizes) <= COMMENTS
    more = sum(min(size, share + 1) for size in sizes)
    assert more > COMMENTS or all(size <= share for size in sizes)


@pytest.fixture
def thread(db):
    article = factories.article()
    comments = factories.long_thread(article, 24, fanout=1)
    dice = random.Random(7)
    for comment in comments:
        up, down = dice.randrange(12), dice.randrange(4)
        Comment.objects.filter(pk=comment.pk).update(up_votes=up, down_votes=down, score=up - down)
    return factories.thread_of(article)


def numbers(thread, order):
    roots = thread.comments.filter(parent=None)
    return list(ORDERS[order].sorted(roots, thread).values_list("number", flat=True))


def test_old_and_new_are_the_order_of_posting_and_its_reverse(thread):
    assert numbers(thread, "old") == sorted(numbers(thread, "new"))
    assert numbers(thread, "new") == sorted(numbers(thread, "old"), reverse=True)


@pytest.mark.parametrize("down_votes", [False, True])
def test_the_database_sorts_as_the_formula_says(thread, settings, down_votes):
    settings.COMMENT_DOWN_VOTES = down_votes

    def key(comment):
        if down_votes:
            return -compute_wilson_bound(comment.up_votes, comment.down_votes), comment.number
        return -compute_popularity(
            comment.score, thread.last_number - comment.number
        ), comment.number

    roots = sorted(thread.comments.filter(parent=None), key=key)
    assert numbers(thread, "top") == [root.number for root in roots]


def test_equals_keep_the_order_of_posting(thread):
    thread.comments.update(up_votes=0, down_votes=0, score=0)
    first = numbers(thread, "top")
    Comment.objects.filter(pk=thread.comments.first().pk).update(text="rewritten")
    assert numbers(thread, "top") == first
    bounds = [compute_wilson_bound(*votes) for votes in ((9, 1), (1, 0), (0, 3))]
    assert compute_wilson_bound(0, 0) == 0 and bounds == sorted(bounds, reverse=True)


def found_by(rank, seed, *, readers=4_000, comments=120):
    """Simulate a thread and return how many of the ten truly best comments ``rank`` puts on top.

    A comment has a hidden quality, the chance that one who reads it votes for it. Comments
    arrive evenly while readers come; every reader reads 25 comments at random among those that
    are there. ``rank(score, later)`` sorts at the end.
    """
    dice = random.Random(seed)
    quality = [dice.betavariate(1.3, 12) for _ in range(comments)]
    scores = [0] * comments
    for reader in range(readers):
        there = 1 + reader * (comments - 1) // readers
        for comment in dice.sample(range(there), min(25, there)):
            scores[comment] += dice.random() < quality[comment]
    order = sorted(range(comments), key=lambda c: rank(scores[c], comments - 1 - c), reverse=True)
    # The last few have been seen by hardly anybody; nobody could know them.
    best = sorted(range(comments - 6), key=lambda c: quality[c], reverse=True)[:10]
    return len(set(order[:10]) & set(best))


def test_popularity_finds_more_of_the_best_than_plain_votes_do():
    seeds = range(12)
    ours = sum(found_by(compute_popularity, seed) for seed in seeds)
    plain = sum(found_by(lambda score, later: score, seed) for seed in seeds)
    assert ours > plain * 1.2, (ours, plain)
