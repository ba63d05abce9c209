"""Votes of one network add up like a logarithm, in every width; none are on one's own comment."""

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.models import NetworkKey
from comments import verification
from comments.models import Comment, Vote
from comments.models.weights import compute_weight
from comments.readers import Reader
from comments.retention import purge
from tests import factories
from tests.comments.conftest import Browser

HOSTS = st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(0, 3))


@pytest.fixture
def comment(article):
    return factories.comment(article)


def vote_from(comment, *addresses, value=1):
    """Vote from each address, each with a new browser, and return the score."""
    for address in addresses:
        assert Browser(REMOTE_ADDR=address).vote(comment, value).status_code == 303
    comment.refresh_from_db()
    return comment.score


def insert_votes(comment, hosts, value=1):
    """Insert a vote for each (/48, /56, /64), each being a number, and count them."""
    Vote.objects.bulk_create(
        Vote(
            comment=comment,
            voter=f"{value} {number}",
            value=value,
            bucket_48=wide,
            network=wide,
            bucket_56=wide * 1_000 + middle,
            bucket=(wide * 1_000 + middle) * 1_000 + narrow,
        )
        for number, (wide, middle, narrow) in enumerate(hosts)
    )
    comment.count_votes()
    return comment


def tally(hosts):
    """The weight and the networks of one vote from each (/48, /56, /64)."""
    networks = len({wide for wide, _middle, _narrow in hosts})
    rows = [(1, *host[:2], hosts.count(host), 1) for host in set(hosts)]
    up, _down = Vote.tally_hosts([*rows, (1, None, None, 0, networks)])
    return up


def test_ten_hosts_of_one_48_weigh_like_ten_votes_of_one_address(comment):
    hosts = [f"2001:db8:1:{host:x}00::1" for host in range(10)]
    assert vote_from(comment, *hosts) == 5 == int(compute_weight(10))
    assert comment.up_networks == 1


def test_ten_networks_of_one_48_each_count_in_full(comment):
    assert vote_from(comment, *(f"2001:db8:{net:x}::1" for net in range(10))) == 10
    assert vote_from(comment, *(f"192.0.2.{net}" for net in range(30, 35))) == 15
    assert comment.up_networks == 15


@pytest.mark.parametrize("sites", [1, 4, pytest.param(256, marks=pytest.mark.slow)])
def test_a_whole_48_weighs_little(comment, sites):
    insert_votes(comment, [(1, site, host) for site in range(sites) for host in range(256)])
    assert comment.score <= 13
    assert comment.up_networks == 1


def test_a_thousand_votes_of_one_host_weigh_eleven_in_every_width(comment):
    assert insert_votes(comment, [(1, 1, 1)] * 1_000).score == 11
    assert insert_votes(comment, [(7, 7, 7)], value=-1).score == 10


def test_a_thousand_voters_of_a_thousand_networks_score_a_thousand(comment):
    assert insert_votes(comment, [(wide, 1, 1) for wide in range(1_000)]).score == 1_000


def test_a_phone_that_votes_every_day_is_one_network(article, comment):
    for day in range(5):
        vote = Vote.of(
            factories.reader(f"of day {day}", network="one phone"),
            comment_id=comment.pk,
            value=1,
            at=timezone.now() + timedelta(days=day),
        )
        vote.save()
    comment.count_votes()
    assert (comment.score, comment.up_networks) == (5, 1)
    comment.save()
    assert verification.find_faults(factories.thread_of(article)) == []


@given(st.lists(HOSTS, min_size=1, max_size=60), HOSTS)
def test_a_vote_more_never_lowers_the_score(hosts, another):
    before, after = tally(hosts), tally([*hosts, another])
    assert before.weight <= after.weight
    assert before.networks <= after.networks
    assert after.weight <= sum(
        compute_weight(sum(host[0] == wide for host in [*hosts, another])) for wide in range(3)
    )


@pytest.mark.django_db
def test_the_database_counts_as_the_formula_says():
    article = factories.article()
    layouts = [
        [(1, 1, 1)] * 5 + [(2, 1, 1)] * 5 + [(3, 1, 1), (3, 1, 2), (3, 2, 1)],
        [(wide, middle, 1) for wide in range(3) for middle in range(4)] * 3,
        [(1, 1, host) for host in range(40)] + [(1, 2, 1)] * 30,
    ]
    for hosts in layouts:
        comment = insert_votes(factories.comment(article, text=str(len(hosts))), hosts)
        assert (comment.up_votes, comment.up_networks) == (
            tally(hosts).weight,
            tally(hosts).networks,
        )
        comment.save()
    thread = factories.thread_of(article)
    assert verification.find_faults(thread) == []
    Comment.objects.update(up_networks=9)
    assert len(verification.find_faults(thread)) == 3
    verification.repair(article.pk)
    assert verification.find_faults(thread) == []


@pytest.fixture
def own(article):
    """A comment posted from an IPv6 network."""
    writer = Browser(REMOTE_ADDR="2001:db8:9:9::1")
    writer.write(article, "自分の意見")
    return Comment.objects.get()


class TestOneself:
    def test_without_the_cookie_nobody_votes_from_the_writers_network(self, own):
        answer = Browser(REMOTE_ADDR="2001:db8:9:9::2").vote(own, 1)
        assert answer.status_code == 409
        assert "明日" in answer.content.decode()
        assert not answer.cookies
        assert not Vote.objects.exists()

    def test_nor_with_a_key_that_is_younger_than_the_comment(self, own, article):
        other = factories.comment(article, text="別の意見")
        browser = Browser(REMOTE_ADDR="2001:db8:9:9::2")
        assert browser.vote(other, 1).status_code == 303
        assert browser.vote(own, 1).status_code == 409

    @pytest.mark.parametrize("deed", ["vote", "write"])
    def test_a_neighbour_who_was_here_before_votes(self, article, deed):
        """Behind a carrier's address there are hundreds."""
        older = factories.comment(article, text="前の意見")
        neighbour = Browser()
        neighbour.vote(older, 1) if deed == "vote" else neighbour.write(article, "先に書く")
        Browser().write(article, "同じ回線から")
        comment = Comment.objects.get(text="同じ回線から")
        assert neighbour.vote(comment, 1).status_code == 303

    def test_the_neighbours_wait_a_day(self, own):
        Comment.objects.update(posted_at=timezone.now() - timedelta(hours=25))
        assert vote_from(own, "2001:db8:9:9::2") == 1

    def test_other_networks_vote_at_once(self, own):
        assert vote_from(own, "2001:db8:9:a::2", "192.0.2.9") == 2

    def test_purging_takes_the_wide_network_too(self, own):
        assert Comment.objects.exclude(wide_network_hash="").exists()
        purge(before=timezone.now() + timedelta(days=1))
        assert not Comment.objects.exclude(wide_network_hash="").exists()
        assert NetworkKey.objects.count() == 1


@settings(
    deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(votes=st.lists(st.tuples(st.integers(0, 8), HOSTS, st.sampled_from([1, -1, 0]))))
def test_votes_one_by_one_count_as_all_together(article, votes):
    """Also where a vote from a new network is added without counting the others."""
    comment = factories.comment(article)
    for voter, (wide, middle, narrow), value in votes:
        networks = (f"{wide} {middle} {narrow}", f"{wide} {middle}", f"{wide}")
        reader = Reader(f"{voter}", networks[0], wide_hashes=networks[1:])
        comment.vote(reader=reader, value=value)
    assert verification.find_faults(factories.thread_of(article)) == []
