"""A Redis cache whose failure slows the site down but does not stop it."""

import logging
import re
from time import monotonic

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import RedisError

TIMEOUT = 1  # seconds, to connect and for each reply
LOT = 1_000  # keys deleted at once
PAUSE = 5  # seconds from a failure to the next attempt

logger = logging.getLogger(__name__)


def _forgive(method, default=None):
    """Wrap a method of the client so that it returns ``default`` while Redis is unreachable."""

    def call(self, *args):
        if monotonic() < self.paused_until:
            return default
        try:
            return method(self, *args)
        except RedisError as error:
            self.paused_until = monotonic() + PAUSE
            logger.error("Redis: %s; going on without it for %d s.", error, PAUSE)
            return default

    return call


class ForgivingClient(RedisCacheClient):
    """Acts as an empty cache while Redis is unreachable, and logs it.

    Everything in the cache can be computed again, and counts start again. ``clear`` still raises.
    """

    paused_until = 0.0

    def __init__(self, servers, **options):
        timeouts = {"socket_connect_timeout": TIMEOUT, "socket_timeout": TIMEOUT}
        super().__init__(servers, **{**timeouts, **options})

    def get(self, key, default):
        return _forgive(RedisCacheClient.get, default)(self, key, default)

    add = _forgive(RedisCacheClient.add, True)
    set = _forgive(RedisCacheClient.set)
    incr = _forgive(RedisCacheClient.incr, 0)
    touch = _forgive(RedisCacheClient.touch, False)
    delete = _forgive(RedisCacheClient.delete, False)
    get_many = _forgive(RedisCacheClient.get_many, {})
    has_key = _forgive(RedisCacheClient.has_key, False)
    set_many = _forgive(RedisCacheClient.set_many)
    delete_many = _forgive(RedisCacheClient.delete_many)

    def delete_prefixed(self, prefix):
        """Delete all keys that begin so."""
        client = self.get_client(None, write=True)
        pattern = re.sub(r"([*?\[\]\\])", r"\\\1", prefix)
        keys = list(client.scan_iter(match=f"{pattern}*", count=LOT))
        for start in range(0, len(keys), LOT):
            client.unlink(*keys[start : start + LOT])


class ForgivingRedisCache(RedisCache):
    """Django's Redis cache with the forgiving client."""

    def __init__(self, server, params):
        super().__init__(server, params)
        self._class = ForgivingClient

    def is_reachable(self):
        try:
            return self._cache.get_client(None, write=True).ping()
        except RedisError:
            return False

    def clear(self):
        """Delete what this site has stored, in any release: others may use the same database."""
        site, _separator, _rest = self.key_prefix.partition(":")
        self._cache.delete_prefixed(f"{site}:")
