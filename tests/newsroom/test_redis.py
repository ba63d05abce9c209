"""The Redis cache: a site works without it and uses it again once it is back."""

import logging
import os
import shutil

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from redis import Redis
from redis.exceptions import RedisError

from newsroom import environment, redis_cache
from tests import factories
from tests.comments.conftest import Browser
from tests.redis_server import Server

pytestmark = pytest.mark.once

MISSING = "There is no Redis here. Install the package redis-server to run these tests."
SHIP = "/articles/ship/"


@pytest.fixture
def stopped_redis(tmp_path, settings):
    server = Server(tmp_path)
    settings.CACHES = {
        **settings.CACHES,
        **environment.parse_caches(f"redis://127.0.0.1:{server.port}/0", key_prefix="test"),
    }
    settings.PAGE_CACHE_SECONDS = 60
    return server


@pytest.fixture
def redis(stopped_redis):
    if not shutil.which("redis-server"):
        (pytest.fail if os.environ.get("CI") else pytest.skip)(MISSING)
    stopped_redis.start()
    yield stopped_redis
    stopped_redis.stop()


@pytest.fixture
def article():
    made = factories.article(slug="ship")
    factories.comment(made, text="一番")
    return made


def queries(address):
    with CaptureQueriesContext(connection) as captured:
        assert Client().get(address).status_code == 200
    return len(captured)


@pytest.mark.django_db(transaction=True)
def test_pages_are_cached_in_redis(article, redis):
    assert queries(SHIP) > 1
    assert queries(SHIP) == 1
    with Redis(port=redis.port) as client:
        assert any(b"page:" in key for key in client.scan_iter())


@pytest.mark.django_db(transaction=True)
def test_a_site_that_loses_redis_goes_on_and_asks_it_once(article, redis, caplog, monkeypatch):
    Client().get(SHIP)
    redis.stop()
    monkeypatch.setattr(redis_cache, "PAUSE", 600)
    with caplog.at_level(logging.ERROR):
        for address in (SHIP, "/", "/search/?q=一番", "/feed/", "/sitemap.xml", "/archive/"):
            assert Client().get(address).status_code == 200, address
        assert Browser().write(article, "灯りのない夜の返事").status_code == 303
        assert "灯りのない夜の返事" in Client().get(SHIP).content.decode()
    told = [record for record in caplog.records if record.name == redis_cache.__name__]
    assert len(told) == 3  # the usual cache, those of pages and threads


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_site_goes_back_to_redis_once_it_answers(article, redis, monkeypatch):
    redis.stop()
    monkeypatch.setattr(redis_cache, "PAUSE", 0.0)
    assert queries(SHIP) > 1
    redis.start()
    assert queries(SHIP) > 1
    assert queries(SHIP) == 1


def test_clearing_leaves_what_other_sites_have_stored(redis):
    caches["default"].set("mine", 1)
    with Redis(port=redis.port) as client:
        client.set("testing:1:theirs", 2)
        caches["default"].clear()
        assert caches["default"].get("mine") is None
        assert client.keys() == [b"testing:1:theirs"]


def test_clearing_deletes_what_an_earlier_release_has_stored(redis, monkeypatch):
    """A page of the release before may hold a text that is erased now."""
    monkeypatch.setattr(caches["default"], "key_prefix", "site:new:ja")
    with Redis(port=redis.port) as client:
        client.mset({"site:old:ja:page": 1, "site:new:ja:page": 1, "site2:new:ja:page": 1})
        caches["default"].clear()
        assert client.keys() == [b"site2:new:ja:page"]


def test_clearing_a_cache_without_redis_fails(stopped_redis):
    with pytest.raises(RedisError):
        caches["default"].clear()


@pytest.mark.parametrize("pause", [0, 5], ids=["asked each time", "asked once"])
def test_without_redis_a_cache_is_empty_and_takes_everything(stopped_redis, monkeypatch, pause):
    monkeypatch.setattr(redis_cache, "PAUSE", pause)
    cache = caches["default"]
    assert cache.add("a", 1) is True
    assert cache.get("a", "nothing") == "nothing"
    assert cache.get_many(["a", "b"]) == {}
    assert cache.set_many({"a": 1}) == []
    assert cache.get_or_set("a", lambda: 2) == 2
    assert cache.incr("a") == 0
    assert not cache.touch("a")
    assert not cache.delete("a")
    assert "a" not in cache
    cache.set("a", 1)
    cache.delete_many(["a"])
