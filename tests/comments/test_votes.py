"""Votes set a value; many from one network weigh softly."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from comments.models import Comment, Vote
from comments.models.weights import compute_weight
from tests import factories


@pytest.fixture
def comment(article):
    return factories.comment(article)


def score(comment):
    comment.refresh_from_db()
    return comment.score


def test_a_vote_counts_and_can_be_taken_back(reader, comment):
    answer = reader.vote(comment, 1)
    assert (answer.status_code, answer["Location"]) == (303, f"/comments/{comment.pk}/")
    assert score(comment) == 1
    reader.vote(comment, 0)
    assert score(comment) == 0
    assert Vote.objects.count() == 0


def test_a_vote_said_twice_counts_once(reader, comment):
    reader.vote(comment, 1)
    reader.vote(comment, 1)
    assert score(comment) == 1


def test_the_score_is_shown_only_when_there_is_one(reader, article, comment):
    address = article.get_absolute_url()
    empty = reader.get(address).content.decode()
    reader.vote(comment, 1)
    assert reader.get(address).content.decode() != empty


def test_votes_of_several_readers_add_up(reader, other_reader, comment):
    reader.vote(comment, 1)
    other_reader.vote(comment, 1)
    assert score(comment) == 2


def test_nobody_votes_on_their_own_comment(reader, article):
    reader.write(article)
    own = Comment.objects.get()
    assert reader.vote(own, 1).status_code == 409
    assert score(own) == 0


@pytest.mark.parametrize("value", ["2", "-7", "", "one", "1\0", "9" * 300])
def test_what_is_no_vote_is_refused(reader, comment, value):
    assert reader.vote(comment, value).status_code == 400
    assert score(comment) == 0


def test_a_pruned_comment_takes_no_vote(reader, comment, moderator):
    comment.prune(by=moderator.user, reason="spam")
    answer = reader.vote(comment, 1)
    assert answer.status_code == 409
    assert not answer.cookies
    assert Vote.objects.count() == 0


def test_a_vote_from_elsewhere_is_refused(reader, comment):
    answer = reader.post(
        f"/comments/{comment.pk}/vote/", {"value": 1}, headers={"origin": "https://evil.example"}
    )
    assert answer.status_code == 403
    assert Vote.objects.count() == 0


def test_a_thousand_votes_weigh_by_their_networks(comment):
    for number in range(60):
        comment.vote(reader=factories.reader(f"far {number}"), value=1)
    assert score(comment) == 60
    for number in range(64):
        comment.vote(reader=factories.reader(f"near {number}", network="one host"), value=1)
    assert score(comment) == 60 + 8


def test_the_weight_of_a_thousand_votes_of_one_network_is_eleven():
    assert [compute_weight(size) for size in (0, 1, 2, 3, 4)] == [0, 1, 2, 3, 4]
    assert int(compute_weight(500)) == 10 and int(compute_weight(1_000)) == 11


def test_a_purged_network_leaves_the_score_as_it_was(comment):
    for number in range(9):
        comment.vote(reader=factories.reader(str(number), network="one host"), value=1)
    before = score(comment)
    Vote.objects.update(voted_at=timezone.now() - timedelta(days=100))
    call_command("purge_identities", "--older-than", "90d")
    assert {vote.voter[:9] for vote in Vote.objects.all()} == {"forgotten"}
    comment.vote(reader=factories.reader("late"), value=1)
    assert score(comment) == before + 1


def test_an_imported_score_stays_under_the_votes(reader, comment):
    Comment.objects.update(imported_score=12, score=12)
    reader.vote(comment, 1)
    assert score(comment) == 13


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_reply", [False, True])
def test_a_vote_is_counted_at_its_comment_and_changes_tree_and_thread(is_reply):
    """A top-level comment holds the version of its tree in the same row as its votes."""
    root = factories.comment(factories.article())
    comment = factories.comment(root.thread.article, parent=root) if is_reply else root
    for number in range(1, 4):
        before = Comment.objects.select_related("thread").get(pk=root.pk)
        Comment.objects.get(pk=comment.pk).vote(reader=factories.reader(f"v{number}"), value=1)
        after = Comment.objects.select_related("thread").get(pk=root.pk)
        comment.refresh_from_db()
        assert (comment.score, comment.up_votes, comment.votes.count()) == (number,) * 3
        assert after.thread.version == after.tree_version == before.thread.version + 1
