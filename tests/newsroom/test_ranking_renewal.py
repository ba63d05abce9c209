"""The rankings are computed outside of requests, by one process, and stored."""

import os
import subprocess
import sys
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.conf import settings
from django.core.cache import caches
from django.db import Error, OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Ranking, ReadCount
from articles.models.ranking import RANKING_AGE, SITE
from newsroom import ranking_renewal
from newsroom.ranking_renewal import MOST_DISCUSSED, MOST_READ, renew_all_rankings, renew_rankings
from tests import factories
from tests.benchmarks import databases
from tests.reading import parts, read, texts

WEIGHING = ("articles_readcount", "COUNT(DISTINCT")  # only a computation reads them
SERVER = """
import newsroom.asgi
from threading import enumerate
[thread] = [each for each in enumerate() if each.name == "rankings"]
thread.join(timeout=1)
from articles.models import Ranking
while not Ranking.objects.exclude(order={}).exists():
    thread.join(timeout=0.05)
"""


def read_article(article, networks=3):
    slots = "".join(f"{network:04x}" for network in range(networks))
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    ReadCount.objects.create(article=article, hour=hour, slots=slots)


def list_titles(client, name, address="/"):
    """The titles of the first period, from emptied caches."""
    for cache in caches.all():
        cache.clear()
    tabs = parts(read(client, address), name, "tabbed__part")
    return texts(tabs[0], "rank__title") if tabs else []


def let_time_pass(span):
    """Let the rankings be due that much earlier."""
    for row in Ranking.objects.filter(scope=SITE):
        Ranking.objects.filter(pk=row.pk).update(due_at=row.due_at - span)


@pytest.fixture
def section(db):
    return factories.category("港", slug="port")


@pytest.fixture
def article(section):
    article = factories.article(title="港の朝", category=section)
    factories.comment(article)
    read_article(article)
    return article


@pytest.mark.parametrize("place", ["/articles/", "/categories/port/", "article"])
def test_no_page_weighs_readers_or_writers(client, article, place):
    lists = [MOST_READ, MOST_DISCUSSED]
    if place == "article":  # which shows its own debate instead
        place, lists = article.get_absolute_url(), [MOST_READ]
    renew_all_rankings()
    with CaptureQueriesContext(connection) as queries:
        for name in lists:
            assert list_titles(client, name, place) == ["港の朝"]
    assert not [sql for query in queries if any(part in (sql := query["sql"]) for part in WEIGHING)]


def test_an_order_lasts_for_minutes(client, article):
    renew_all_rankings()
    read_article(factories.article(title="新しい"), 9)
    renew_rankings()
    assert list_titles(client, MOST_READ) == ["港の朝"]
    let_time_pass(RANKING_AGE)
    assert list_titles(client, MOST_READ) == ["港の朝"]  # no request computes it
    renew_rankings()
    assert list_titles(client, MOST_READ) == ["新しい", "港の朝"]


def test_a_request_computes_what_is_late(client, article):
    """As under a server that has no thread for it."""
    assert list_titles(client, MOST_READ) == ["港の朝"]
    read_article(factories.article(title="新しい"), 9)
    let_time_pass(2 * RANKING_AGE - timedelta(seconds=5))
    assert list_titles(client, MOST_READ) == ["港の朝"]
    let_time_pass(timedelta(seconds=5))
    assert list_titles(client, MOST_READ) == ["新しい", "港の朝"]


def test_one_request_computes_while_the_others_get_the_former(client, article, monkeypatch):
    renew_all_rankings()
    let_time_pass(2 * RANKING_AGE)
    read_article(factories.article(title="新しい"), 9)
    weigh, former = ranking_renewal.WEIGHERS[MOST_READ], []

    def ask_meanwhile(**starts):
        former.append(list_titles(client, MOST_READ))
        return weigh(**starts)

    monkeypatch.setitem(ranking_renewal.WEIGHERS, MOST_READ, ask_meanwhile)
    assert list_titles(client, MOST_READ) == ["新しい", "港の朝"]
    assert former == [["港の朝"]]


def test_a_page_is_shown_where_nothing_can_be_written(client, article, monkeypatch):
    def refuse(*arguments, **named):
        raise Error("read-only")

    monkeypatch.setattr(Ranking.objects.all().__class__, "claim", refuse)
    assert list_titles(client, MOST_READ) == []


def test_a_section_ranks_what_is_also_listed_in_it(client, section):
    part = factories.category("釣り", slug="fishing", parent=section)
    guest = factories.article(title="よそから", category=factories.category("国内", slug="news"))
    guest.other_categories.add(part)
    read_article(guest)
    renew_all_rankings()
    for address in ("/categories/port/", "/categories/fishing/", "/categories/news/"):
        assert list_titles(client, MOST_READ, address) == ["よそから"]
    guest.other_categories.clear()
    renew_all_rankings()
    assert list_titles(client, MOST_READ, "/categories/port/") == []
    assert not Ranking.objects.filter(scope=section.pk).exists()


def test_the_rankings_of_a_page_take_two_queries(article, django_assert_num_queries):
    from newsroom.side import render_rankings

    factories.comment(factories.article(title="別の記事"))
    renew_all_rankings()
    render_rankings()
    with django_assert_num_queries(2):
        assert "別の記事" in render_rankings().replace("<wbr>", "")


@pytest.mark.django_db(transaction=True)
def test_one_of_several_processes_computes(article):
    renew_all_rankings()
    let_time_pass(RANKING_AGE)
    together, claims = Barrier(4), []

    def claim():
        together.wait()
        claims.append(Ranking.objects.claim(MOST_READ, due_by=timezone.now()))
        connection.close()

    threads = [Thread(target=claim) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(claims) == [False, False, False, True]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_server_computes_them_when_it_starts(article):
    url = databases.address_of(connection.settings_dict)
    environment = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "newsroom.settings"}
    command = [sys.executable, "-c", SERVER]
    subprocess.run(command, env=environment, cwd=settings.BASE_DIR, check=True, timeout=60)
    assert Ranking.objects.read()[0][MOST_READ]["week"] == [article.pk]


@pytest.fixture
def renewal(db):
    return ranking_renewal.Renewal()


def refuse(*arguments, **named):
    raise OperationalError("database is locked")


def test_a_failure_is_tried_again_soon_and_then_less_often(renewal, monkeypatch):
    with monkeypatch.context() as busy:
        busy.setattr(type(Ranking.objects.all()), "claim", refuse)
        pauses = [renewal.attempt() for _ in range(9)]
    assert pauses[0] <= 10
    assert pauses == sorted(pauses)
    assert len(set(pauses)) > 4
    assert pauses[-1] == RANKING_AGE.total_seconds()
    assert renewal.attempt() > 200  # it works again: when the rankings are due
    monkeypatch.setattr(type(Ranking.objects.all()), "claim", refuse)
    assert renewal.attempt() == pauses[0]


@pytest.mark.parametrize("failing", ["store", "read"])
def test_what_was_claimed_and_not_stored_is_computed_at_the_next_attempt(
    renewal, article, monkeypatch, failing
):
    with monkeypatch.context() as busy:
        busy.setattr(type(Ranking.objects.all()), failing, refuse)
        renewal.attempt()
    assert renewal.attempt() > 200
    orders, _due = Ranking.objects.read()
    assert orders[MOST_READ]["week"] == orders[MOST_DISCUSSED]["week"] == [article.pk]


def test_an_attempt_leaves_to_others_what_they_have_claimed(renewal, article):
    for name in (MOST_READ, MOST_DISCUSSED):
        assert Ranking.objects.claim(name, due_by=timezone.now())
    renewal.attempt()
    assert Ranking.objects.read()[0] == {MOST_READ: {}, MOST_DISCUSSED: {}}


@pytest.mark.once
@pytest.mark.django_db
def test_no_fault_ends_the_thread(renewal, monkeypatch, caplog):
    monkeypatch.setattr(type(renewal), "renew", lambda self, due_by: 1 / 0)
    assert renewal.attempt() == ranking_renewal.RETRY
    assert "could not be computed" in caplog.text
