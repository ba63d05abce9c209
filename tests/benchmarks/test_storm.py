"""A storm of posts or votes loses nothing, counts nothing twice and breaks no thread."""

import pytest

from comments.models import Comment, Vote
from tests.benchmarks import client, filling
from tests.benchmarks.running import thread_faults

CLIENTS = 16
PATIENCE = 240  # seconds; the load ends by itself
SIZES = [1, 12, 40, 70]

pytestmark = pytest.mark.django_db(transaction=True)


def sent(site, workload, **options):
    """Send a load until its end; returns what was acknowledged. Any other answer is a failure."""
    group = {
        "workload": workload,
        "options": options,
        "clients": CLIENTS,
        "address": site.address,
        "process_group": site.group,
    }
    step = {"groups": [workload], "seconds": PATIENCE, "measured": True}
    seen = client.measure({"groups": {workload: group}, "phases": [step]})["groups"][workload]
    assert (seen["errors"], seen["broken"]) == (0, 0), [seen["samples"], site.log]
    return seen["acknowledged"]


@pytest.fixture
def article(transactional_db):
    return filling.article()


@pytest.fixture
def comment(article):
    [[pk, *_replies], *_trees] = filling.thread(article, SIZES)
    return Comment.objects.get(pk=pk)


@pytest.mark.parametrize(
    ("voters", "networks", "score"),
    [
        (100, None, 100),
        pytest.param(1_000, None, 1_000, marks=pytest.mark.slow),
        pytest.param(1_000, 1, 11, marks=pytest.mark.slow),
    ],
)
def test_many_voters_end_in_the_exact_score(site, comment, voters, networks, score):
    sent(site, "Vote", comments=[comment.pk], most=voters, networks=networks)
    comment.refresh_from_db()
    assert (comment.score, comment.up_votes, comment.votes.count()) == (score, score, voters)
    assert thread_faults() == []


@pytest.mark.slow
def test_a_vote_that_is_sent_again_changes_nothing(site, article):
    comments = sum(filling.thread(article, SIZES), [])
    sent(site, "Vote", comments=comments, most=200, times=3)
    assert Vote.objects.count() == 200
    assert sum(Comment.objects.values_list("score", flat=True)) == 200
    assert thread_faults() == []


@pytest.mark.parametrize("posts", [40, pytest.param(300, marks=pytest.mark.slow)])
def test_every_acknowledged_post_is_there_once(site, article, posts):
    threads = [(article.pk, filling.thread(article, SIZES))]
    before = set(Comment.objects.values_list("pk", flat=True))
    acknowledged = sent(site, "Post", threads=threads, limit=80, most=posts)
    assert len(set(acknowledged)) == len(acknowledged) == posts
    assert set(Comment.objects.values_list("pk", flat=True)) - before == set(acknowledged)
    assert thread_faults() == []


@pytest.mark.slow
def test_a_double_click_writes_one_comment(site, article):
    threads = [(article.pk, filling.thread(article, SIZES))]
    before = Comment.objects.count()
    acknowledged = sent(site, "Post", threads=threads, limit=80, most=100, twice=True)
    assert len(acknowledged) == 200
    assert Comment.objects.count() - before == len(set(acknowledged)) == 100
    assert thread_faults() == []


@pytest.mark.slow
def test_the_first_posts_of_many_articles_make_one_thread_each(site):
    articles = [filling.article() for _ in range(8)]
    sent(site, "Post", threads=[(article.pk, []) for article in articles], limit=5, most=160)
    assert sum(article.thread.published_count for article in articles) == 160
    assert thread_faults() == []
