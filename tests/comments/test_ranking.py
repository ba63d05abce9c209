"""What the popular order finds, and that one phone, one /48 and ten phones cannot take it."""

import pytest

from comments.models import Comment
from comments.thread_rows import read_roots
from tests import factories
from tests.comments.conftest import Browser
from tests.comments.ranking import ATTACKS, ORDERS, TOP, measure

SIZES = [(1_000, 8_000), (120, 4_000)]
SEEDS = range(6)


@pytest.fixture(scope="module", params=SIZES, ids=["1,000 comments", "120 comments"])
def figures(request):
    """The figures of every order, of the same threads."""
    size, readers = request.param
    return {
        name: measure(rank, size=size, readers=readers, seeds=SEEDS)
        for name, rank in ORDERS.items()
    }


def others_of(figures):
    return [figures[name] for name in figures if name != "Popular"]


def test_popular_finds_more_of_the_best_than_the_other_orders(figures):
    popular = figures["Popular"]
    for others in others_of(figures):
        assert popular["quality found"] > others["quality found"] * 1.1


def test_popular_finds_what_came_late(figures):
    popular, place = figures["Popular"], "late good, place"
    assert popular[place] < min(other[place] for other in others_of(figures))


@pytest.mark.parametrize("name", [name for name in ATTACKS if name.startswith("one")])
def test_one_attacker_stays_among_the_comments_that_nobody_likes(figures, name):
    popular = figures["Popular"]
    assert popular[name] > max(other[name] for other in others_of(figures))
    assert popular[name] == max(popular[each] for each in ATTACKS)


def test_ten_attackers_do_not_get_among_the_best(figures):
    name = "ten phones, 4 votes each"
    assert figures["Popular"][name] > TOP * 0.8
    assert figures["Popular"][name] > 8 * figures["formula before"][name]


@pytest.mark.parametrize("down_votes", [False, True])
def test_a_fresh_comment_of_one_phone_stays_below_the_best_liked(db, settings, down_votes):
    settings.COMMENT_DOWN_VOTES = down_votes
    article = factories.article()
    best, *_others = factories.long_thread(article, 1_000)
    thread = factories.thread_of(article)
    for number in range(5):
        best.vote(reader=factories.reader(f"far {number}"), value=1)
    Browser().write(article, "見てほしい")
    fresh = Comment.objects.get(text="見てほしい")
    for _ in range(4):
        assert Browser(REMOTE_ADDR="2001:db8:6::1").vote(fresh, 1).status_code == 303
    for number in range(40):
        Browser(REMOTE_ADDR=f"2001:db8:6:{number:x}::1").vote(fresh, 1)
    fresh.refresh_from_db()
    best.refresh_from_db()
    assert fresh.score > best.score
    thread.refresh_from_db()
    popular = read_roots(thread, "top", 0, 2)
    assert [comment.pk for comment in popular] == [best.pk, fresh.pk]
