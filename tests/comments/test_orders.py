"""The orders of a thread: stable, the same in Python and in the database, fair to latecomers."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments.models import Comment
from comments.orders import compute_popularity, compute_wilson_bound
from comments.thread_pages import COMMENTS, compute_share
from comments.thread_rows import read_roots
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
        up, down, imported = dice.randrange(12), dice.randrange(4), dice.choice([0, 0, 3, -3])
        Comment.objects.filter(pk=comment.pk).update(
            up_networks=up, down_networks=down, imported_score=imported
        )
    return factories.thread_of(article)


def numbers(thread, order):
    return [root.number for root in read_roots(thread, order, 0, 100)]


def test_old_and_new_are_the_order_of_posting_and_its_reverse(thread):
    assert numbers(thread, "old") == sorted(numbers(thread, "new"))
    assert numbers(thread, "new") == sorted(numbers(thread, "old"), reverse=True)


@pytest.mark.parametrize("down_votes", [False, True])
def test_the_database_sorts_as_the_formula_says(thread, settings, down_votes):
    settings.COMMENT_DOWN_VOTES = down_votes

    def key(comment):
        imported, number = comment.imported_score, comment.number
        up, down = comment.up_networks + max(imported, 0), comment.down_networks - min(imported, 0)
        if down_votes:
            return -compute_wilson_bound(up, down), number
        return -compute_popularity(up - down, number, thread.last_number), number

    roots = sorted(thread.comments.filter(parent=None), key=key)
    assert numbers(thread, "top") == [root.number for root in roots]


def test_equals_keep_the_order_of_posting(thread):
    thread.comments.update(up_networks=0, down_networks=0, imported_score=0)
    first = numbers(thread, "top")
    Comment.objects.filter(pk=thread.comments.first().pk).update(text="rewritten")
    assert numbers(thread, "top") == first
    bounds = [compute_wilson_bound(*votes) for votes in ((9, 1), (1, 0), (0, 3))]
    assert compute_wilson_bound(0, 0) == 0 and bounds == sorted(bounds, reverse=True)
