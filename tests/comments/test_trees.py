"""The trees: the numbers they take, bulk insertion, and the alarm when something is wrong."""

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mptt.managers import TreeManager

from comments import verification
from comments.models import Comment, Thread, TreeNumber, tree_edges, trees
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def article():
    return factories.article()


def places(thread):
    """The comments with their levels and the places of their edges in the order of the tree."""
    rows = list(thread.comments.order_by("number"))
    ranks = tree_edges.rank_edges([(row.tree_id, row.lft, row.rght) for row in rows])
    parents = dict(thread.comments.values_list("pk", "parent__number"))
    return [
        (row.number, parents[row.pk], row.level, *rank)
        for row, rank in zip(rows, ranks, strict=True)
    ]


def test_a_tree_number_comes_from_the_sequence_and_is_never_given_twice(article):
    first = factories.comment(article)
    Comment.objects.filter(pk=first.pk).update(tree_id=900_000)
    assert factories.comment(article).tree_id == first.tree_id + 1


def test_mptt_still_asks_the_private_method_for_the_next_tree(article, monkeypatch):
    assert "_get_next_tree_id" in vars(TreeManager)
    monkeypatch.setattr(TreeNumber, "take", classmethod(lambda cls, count=1: [4711]))
    assert factories.comment(article).tree_id == 4711


def test_numbers_count_over_the_whole_thread_and_are_never_reused(article):
    first = factories.comment(article)
    reply = factories.comment(article, parent=first)
    second = factories.comment(article)
    second.remove(by=factories.moderator(), reason="spam")
    assert [first.number, reply.number, factories.comment(article).number] == [1, 2, 4]


def test_a_reply_leaves_other_trees_alone(article):
    first, second = factories.comment(article), factories.comment(article)
    factories.comment(article, parent=first)
    before = second.lft, second.rght
    second.refresh_from_db()
    assert (second.lft, second.rght) == before


def test_two_roots_cannot_share_a_tree(article):
    first, second = factories.comment(article), factories.comment(article)
    with pytest.raises(IntegrityError), transaction.atomic():
        Comment.objects.filter(pk=second.pk).update(tree_id=first.tree_id)


def test_edges_must_stand_in_order(article):
    first = factories.comment(article)
    with pytest.raises(IntegrityError), transaction.atomic():
        Comment.objects.filter(pk=first.pk).update(lft=7, rght=3)


def test_postgresql_refuses_two_comments_on_one_edge(article):
    root = factories.comment(article)
    first = factories.comment(article, parent=root)
    second = factories.comment(article, parent=root)
    if connection.vendor != "postgresql":
        Comment.objects.filter(pk=second.pk).update(lft=first.lft)
        assert verification.find_faults(first.thread)  # SQLite has no deferrable constraint
        return
    with pytest.raises(IntegrityError), transaction.atomic():
        Comment.objects.filter(pk=second.pk).update(lft=first.lft)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


# Each comment answers the one with the number given, or none.
parents = st.lists(st.integers(0, 60), min_size=1, max_size=60).map(
    lambda choices: [choice % (index + 1) for index, choice in enumerate(choices)]
)
in_database = settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.mark.slow
@in_database
@given(parents=parents, cut=st.integers(0, 60))
def test_bulk_insertion_builds_the_tree_that_single_posts_build(article, parents, cut):
    """``parents[i]`` is the number that comment i + 1 answers; a second bulk adds to the first."""
    singly, at_once = factories.article(), factories.article()
    posted = []
    for parent in parents:
        posted.append(factories.comment(singly, parent=posted[parent - 1] if parent else None))
    made = []
    for chunk in (parents[:cut], parents[cut:]):
        if not chunk:
            continue
        with trees.thread_write(at_once) as thread:
            new = []
            for parent in chunk:
                above = (made + new)[parent - 1] if parent else None
                new.append(Comment(parent=above, text="x", html="<p>x</p>"))
            trees.insert_many(new, thread=thread, max_depth=100)

        made += new
    assert places(factories.thread_of(at_once)) == places(factories.thread_of(singly))
    assert verification.find_faults(factories.thread_of(at_once)) == []


@in_database
@given(parents=parents)
def test_replies_stand_where_their_parents_say(article, monkeypatch, parents):
    """With so little room that branches and whole trees are renumbered all the time."""
    monkeypatch.setattr(tree_edges, "SPAN", 500)
    monkeypatch.setattr(tree_edges, "ENOUGH", 3)
    under, posted, above = factories.article(), [], [[]]
    for parent in parents:
        posted.append(factories.comment(under, parent=posted[parent - 1] if parent else None))
        above.append([*above[parent], parent] if parent else [])
    below = {n: [m for m in range(1, len(above)) if n in above[m]] for n in range(1, len(above))}
    expected, stack = [], [n for n in range(len(parents), 0, -1) if not above[n]]
    while stack:
        number = stack.pop()
        expected.append(number)
        stack += [m for m in reversed(below[number]) if parents[m - 1] == number]
    thread = factories.thread_of(under)
    in_order = list(thread.comments.in_tree_order())
    assert [comment.number for comment in in_order] == expected
    for comment in in_order:
        own = below[comment.number]
        assert sorted(comment.get_descendants().values_list("number", flat=True)) == own
        assert (
            list(comment.get_ancestors().values_list("number", flat=True))
            == (above[comment.number])
        )
        assert comment.get_descendant_count() == len(own)
        assert comment.is_leaf_node() == (not own)
    counts = Comment.objects.count_below([comment.pk for comment in in_order])
    assert counts == {comment.pk: len(below[comment.number]) for comment in in_order}
    assert verification.find_faults(thread) == []


def test_a_reply_moves_no_other_comment(article):
    root = factories.comment(article)
    others = [factories.comment(article, parent=root) for _ in range(3)]
    rows = Comment.objects.filter(pk__in=[comment.pk for comment in others])
    before = list(rows.values_list("lft", "rght"))
    for parent in (others[0], root, others[1]):
        factories.comment(article, parent=parent)
    assert list(rows.values_list("lft", "rght")) == before


@pytest.mark.parametrize("is_deep", [True, False])
def test_a_tree_without_any_room_takes_replies(article, is_deep):
    """Such are the trees from before the room, and those that mptt itself builds."""
    made = [factories.comment(article)]
    for _ in range(8):
        made.append(factories.comment(article, parent=made[-1 if is_deep else 0]))
    for number, _parent, _level, left, right in places(made[0].thread):
        Comment.objects.filter(number=number).update(lft=left, rght=right)
    assert verification.find_faults(factories.thread_of(article)) == []
    reply = factories.comment(article, parent=made[4])
    assert [above.pk for above in reply.get_ancestors()][-1] == made[4].pk
    assert verification.find_faults(factories.thread_of(article)) == []


def test_a_long_row_of_replies_and_a_deep_chain_find_room(article):
    root = parent = factories.comment(article)
    for _ in range(60):
        parent = factories.comment(article, parent=parent)
        factories.comment(article, parent=root)
    assert verification.find_faults(factories.thread_of(article)) == []


def test_bulk_insertion_stops_indenting_at_the_greatest_depth(article):
    with trees.thread_write(article) as thread:
        chain = []
        for _ in range(8):
            chain.append(Comment(parent=chain[-1] if chain else None, text="x", html="x"))
        trees.insert_many(chain, thread=thread, max_depth=3)
    assert [comment.level for comment in chain] == [0, 1, 2, 3, 3, 3, 3, 3]
    assert verification.find_faults(factories.thread_of(article)) == []


BREAKS = {
    "edges": lambda c: Comment.objects.filter(pk=c[2].pk).update(lft=2**61, rght=2**62),
    "level": lambda c: Comment.objects.filter(pk=c[1].pk).update(level=7),
    "tree": lambda c: Comment.objects.filter(pk=c[2].pk).update(tree_id=c[2].tree_id + 5_000),
    "score": lambda c: Comment.objects.filter(pk=c[0].pk).update(score=77),
    "state": lambda c: Comment.objects.filter(pk=c[1].pk).update(state="removed"),
    "count": lambda c: Thread.objects.update(published_count=77),
    "last number": lambda c: Thread.objects.update(last_number=0),
}


@pytest.mark.parametrize("broken", BREAKS)
def test_a_broken_thread_is_found_and_repaired(article, broken):
    root = factories.comment(article)
    reply = factories.comment(article, parent=root)
    answer = factories.comment(article, parent=reply)
    root.vote(reader=factories.reader("a"), value=1)
    thread = factories.thread_of(article)
    before = places(thread)
    BREAKS[broken]([root, reply, answer])
    thread.refresh_from_db()
    assert verification.find_faults(thread)
    assert verification.repair(article.pk)
    thread.refresh_from_db()
    assert verification.find_faults(thread) == []
    assert places(thread) == before
    assert (thread.published_count, thread.last_number) == (3, 3)
    root.refresh_from_db()
    assert root.score == 1


def test_a_tree_number_used_by_two_threads_is_given_anew(article):
    mine, other = factories.comment(article), factories.comment(factories.article())
    reply = factories.comment(article, parent=mine)
    with connection.constraint_checks_disabled():
        Comment.objects.filter(pk=reply.pk).update(tree_id=other.tree_id, lft=8, rght=9)
    assert any("another thread" in fault for fault in verification.find_faults(mine.thread))
    verification.repair(article.pk)
    mine.thread.refresh_from_db()
    assert verification.find_faults(mine.thread) == []


def test_the_command_says_what_is_wrong_and_repairs_it(article, capsys):
    comment = factories.comment(article)
    call_command("verify_comments")
    Comment.objects.filter(pk=comment.pk).update(score=5)
    with pytest.raises(CommandError, match="--repair"):
        call_command("verify_comments")
    assert "expected (0, 0, 0, 0, 0)" in capsys.readouterr().out
    call_command("verify_comments", "--repair")
    call_command("verify_comments")


@pytest.mark.django_db(transaction=True)
def test_a_write_within_a_write_and_one_that_follows_from_it_wait_for_nobody():
    article = factories.article()
    seen = []

    def follow():
        with trees.thread_write(article) as thread:
            seen.append(thread.pk)

    with trees.thread_write(article) as thread:
        follow()
        transaction.on_commit(follow)
    assert seen == [thread.pk, thread.pk]
