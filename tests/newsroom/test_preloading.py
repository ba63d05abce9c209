"""Pages of articles are rendered before anybody asks for them."""

import time
from functools import partial
from itertools import chain, repeat
from unittest import mock

import pytest
from django.core.cache import cache, caches
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles import views
from articles.models import Article, ReadCount
from newsroom.edition import raise_edition
from newsroom.page_cache import preloading
from newsroom.page_cache.application import PageCache
from newsroom.page_cache.preloading import Preloader, PreloadingThread, Unkept
from tests import factories
from tests.articles.test_pages import hours_ago
from tests.benchmarks import databases, servers
from tests.benchmarks.crawl import count_made
from tests.newsroom import test_redis

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]

MANY = 100
redis, stopped_redis = test_redis.redis, test_redis.stopped_redis


@pytest.fixture
def articles(settings):
    """Three listed articles, the newest first, and others."""
    settings.PAGE_CACHE_SECONDS = 60
    factories.article(slug="draft", status="draft")
    factories.article(slug="about", kind=Article.Kind.PAGE)
    return [
        factories.article(slug=slug, published_at=hours_ago(number + 1))
        for number, slug in enumerate(("ship", "港", "tide"))
    ]


@pytest.fixture
def preloader(articles):
    return Preloader(partial(PageCache, WSGIHandler()))


@pytest.fixture
def thread(preloader, monkeypatch):
    """A preloading thread whose process ends when the given number of waits is over."""

    def run(waits):
        left = chain(repeat(True, waits), repeat(False))
        monkeypatch.setattr(preloading, "wait", lambda seconds: next(left))
        PreloadingThread(preloader)._run()

    return run


def is_kept(article):
    """Whether a reader gets a page for the queries that read its version."""
    with CaptureQueriesContext(connection) as captured:
        assert Client().get(article.get_absolute_url()).status_code == 200
    return len(captured) <= 2  # without a thread the edition is a query of its own


def test_the_newest_articles_are_made_once(articles, preloader):
    assert preloader.run(2) == 2
    assert preloader.run(2) == 0
    assert [is_kept(article) for article in articles] == [True, True, False]
    assert preloader.run(MANY) == 0  # the reader has just made the third


def test_a_preloaded_page_is_the_page_of_a_reader(articles, preloader):
    preloader.run(1)
    preloaded = Client().get("/articles/ship/")
    caches["pages"].clear()
    rendered = Client().get("/articles/ship/")
    assert preloaded.content == rendered.content
    assert dict(preloaded.items()) == dict(rendered.items())


def test_what_has_changed_is_made_again(articles, preloader):
    assert preloader.run(MANY) == 3
    factories.comment(articles[1])
    articles[1].thread.refresh_from_db()
    assert preloader.run(MANY) == 1
    raise_edition()
    preloader.run(MANY)
    assert all(map(is_kept, articles))
    caches["pages"].clear()  # as a new release, or Redis after a restart
    assert preloader.run(MANY) == 3


def test_it_is_no_reading(articles, preloader):
    preloader.run(MANY)
    assert not ReadCount.objects.exists()


def test_a_round_ends_when_it_is_told_to(articles, preloader):
    assert preloader.run(MANY, lambda seconds: False) == 1


def test_a_page_that_fails_is_rendered_once_and_passed_over(articles, preloader, monkeypatch):
    asked, render = [], views.render_article_page

    def fail_once(request, article, template):
        asked.append(article.slug)
        if article.slug == "ship":
            raise LookupError
        return render(request, article, template)

    monkeypatch.setattr(views, "render_article_page", fail_once)
    assert (preloader.run(MANY), preloader.run(MANY)) == (2, 0)
    assert asked == ["ship", "港", "tide"]


def test_a_round_ends_where_the_cache_keeps_nothing(articles, preloader, settings):
    settings.CACHES = {
        **settings.CACHES,
        "pages": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"},
    }
    with pytest.raises(Unkept):
        preloader.run(MANY)


def test_a_cache_in_memory_is_filled_by_half(settings):
    settings.PAGES_PRELOADED = 5_000
    assert preloading.count_most() == 1_000
    settings.PAGES_PRELOADED = 10
    assert preloading.count_most() == 10
    settings.CACHES = {"pages": {"BACKEND": "newsroom.redis_cache.ForgivingRedisCache"}}
    settings.PAGES_PRELOADED = 5_000
    assert preloading.count_most() == 5_000


class TestThread:
    @pytest.fixture(autouse=True)
    def preload_all(self, settings):
        settings.PAGES_PRELOADED = MANY

    def test_it_makes_the_pages(self, articles, thread):
        thread(waits=10)
        assert all(map(is_kept, articles))

    def test_it_rests_nine_times_as_long_as_it_works(self, articles, preloader, monkeypatch):
        rests, left = [], chain(repeat(True, 10), repeat(False))
        monkeypatch.setattr(preloading, "wait", lambda seconds: rests.append(seconds) or next(left))
        monkeypatch.setattr(preloading, "BUSY", 10**9)
        started = time.monotonic()
        PreloadingThread(preloader)._run()
        taken = time.monotonic() - started
        first, *between, _last = rests[:5]
        assert (first, len(between)) == (preloading.FIRST, 3)
        assert all(rest >= preloading.SHORTEST_REST for rest in between)
        assert 0.5 * taken < sum(between) / 9 <= taken

    def test_it_stops_at_once_when_the_process_ends(self, articles, thread):
        thread(waits=1)
        assert [is_kept(article) for article in articles] == [True, False, False]

    def test_it_waits_while_readers_keep_the_process_busy(self, articles, preloader, monkeypatch):
        """Each wait is as busy as this test makes it."""
        waits = []

        def wait(seconds):
            waits.append(seconds)
            return len(waits) < 5

        monkeypatch.setattr(preloading, "wait", wait)
        monkeypatch.setattr(preloading, "BUSY", -1)  # every process is busier than that
        PreloadingThread(preloader)._run()
        assert waits[2:-1] == [preloading.BUSY_REST] * 3
        assert [is_kept(article) for article in articles] == [True, False, False]

    def test_one_process_of_all_works(self, articles, thread):
        cache.set(preloading.LOCK, True)
        thread(waits=10)
        assert not is_kept(articles[0])

    def test_a_database_that_is_away_ends_no_thread(self, articles, thread, caplog):
        with mock.patch.object(preloading, "list_addresses", side_effect=OperationalError):
            thread(waits=3)
        assert caplog.records == []
        cache.delete(preloading.LOCK)
        thread(waits=10)
        assert is_kept(articles[0])

    @pytest.mark.parametrize("name", ["PAGES_PRELOADED", "PAGE_CACHE_SECONDS"])
    def test_there_is_none_without_the_settings(self, settings, preloader, monkeypatch, name):
        started = []
        monkeypatch.setattr(PreloadingThread, "start", lambda thread: started.append(1))
        preloading.start_preloading(partial(PageCache, WSGIHandler()))
        setattr(settings, name, 0)
        preloading.start_preloading(partial(PageCache, WSGIHandler()))
        assert started == [1]


class TestCommand:
    def test_it_makes_the_pages_of_a_shared_cache(self, articles, redis, capsys):
        call_command("preload_pages", "--limit", "2")
        assert "2" in capsys.readouterr().out
        assert [is_kept(article) for article in articles] == [True, True, False]
        call_command("preload_pages", "--limit", "2")
        assert "0" in capsys.readouterr().out

    def test_it_says_when_the_cache_is_away(self, articles, stopped_redis):
        with pytest.raises(CommandError):
            call_command("preload_pages", "--limit", "2")

    def test_it_refuses_a_cache_that_no_other_process_sees(self, articles):
        with pytest.raises(CommandError, match="CACHE_URL"):
            call_command("preload_pages")

    def test_it_refuses_a_site_without_a_page_cache(self, articles, stopped_redis, settings):
        settings.PAGE_CACHE_SECONDS = 0
        with pytest.raises(CommandError, match="PAGE_CACHE_SECONDS"):
            call_command("preload_pages")


@pytest.mark.slow
def test_a_server_preloads_by_itself_and_stops_at_once(articles, tmp_path):
    url = databases.address_of(connection.settings_dict)
    changes = {"PAGES_PRELOADED": "100", "METRICS_DIR": str(tmp_path)}
    changes["DJANGO_SETTINGS_MODULE"] = "tests.newsroom.door.settings"
    with servers.Server(url, workers=2, **changes) as site:
        until = time.monotonic() + 60
        while not (made := count_made(site)) or made < len(articles):
            assert time.monotonic() < until, site.log
            time.sleep(0.5)
        stopped_at = time.monotonic()
        site.stop()
        assert time.monotonic() - stopped_at < 5
        assert "Traceback" not in site.log
