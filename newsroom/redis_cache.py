"""A Redis cache without which the site is slower but still works."""

import logging
from time import monotonic

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import RedisError

TIMEOUT = 1  # seconds to connect, or for a reply
PAUSE = 5  # seconds without another attempt after a failed one

logger = logging.getLogger(__name__)


class ForgivingClient(RedisCacheClient):
    """Acts as an empty cache while Redis is unreachable, and logs it.

    Everything in the cache can be computed again. ``incr`` and ``clear`` still raise.
    """

    def __init__(self, servers, **options):
        timeouts = {"socket_connect_timeout": TIMEOUT, "socket_timeout": TIMEOUT}
        super().__init__(servers, **{**timeouts, **options})
        self._paused_until = 0.0

    def _try(self, method, *args, default):
        if monotonic() < self._paused_until:
            return default
        try:
            return method(*args)
        except RedisError as error:
            self._paused_until = monotonic() + PAUSE
            logger.error("Redis: %s; going on without it for %d s.", error, PAUSE)
            return default

    def add(self, key, value, timeout):
        return self._try(super().add, key, value, timeout, default=True)

    def get(self, key, default):
        return self._try(super().get, key, default, default=default)

    def set(self, key, value, timeout):
        self._try(super().set, key, value, timeout, default=None)

    def touch(self, key, timeout):
        return self._try(super().touch, key, timeout, default=False)

    def delete(self, key):
        return self._try(super().delete, key, default=False)

    def get_many(self, keys):
        return self._try(super().get_many, keys, default={})

    def has_key(self, key):
        return self._try(super().has_key, key, default=False)

    def set_many(self, data, timeout):
        self._try(super().set_many, data, timeout, default=None)

    def delete_many(self, keys):
        self._try(super().delete_many, keys, default=None)


class ForgivingRedisCache(RedisCache):
    """Django's Redis cache with the forgiving client."""

    def __init__(self, server, params):
        super().__init__(server, params)
        self._class = ForgivingClient
