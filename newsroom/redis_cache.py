"""The cache in Redis, without which the site is slower and nothing else."""

import logging
from time import monotonic

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import RedisError

PATIENCE = 1  # seconds for Redis to connect, or to answer
PAUSE = 5  # seconds without a question after one that had no answer

logger = logging.getLogger(__name__)


class ForgivingClient(RedisCacheClient):
    """Answers as an empty cache does while Redis cannot be asked, and says so in the log.

    Nothing is right only because it is in the cache, so whatever asks it makes anew what it does
    not find. ``incr`` and ``clear``, which a person would wait for, still raise.
    """

    def __init__(self, servers, **options):
        patience = {"socket_connect_timeout": PATIENCE, "socket_timeout": PATIENCE}
        super().__init__(servers, **{**patience, **options})
        self._silent_until = 0.0

    def _ask(self, question, *args, otherwise):
        if monotonic() < self._silent_until:
            return otherwise
        try:
            return question(*args)
        except RedisError as error:
            self._silent_until = monotonic() + PAUSE
            logger.error("Redis: %s; going on without it for %d s.", error, PAUSE)
            return otherwise

    def add(self, key, value, timeout):
        return self._ask(super().add, key, value, timeout, otherwise=True)

    def get(self, key, default):
        return self._ask(super().get, key, default, otherwise=default)

    def set(self, key, value, timeout):
        self._ask(super().set, key, value, timeout, otherwise=None)

    def touch(self, key, timeout):
        return self._ask(super().touch, key, timeout, otherwise=False)

    def delete(self, key):
        return self._ask(super().delete, key, otherwise=False)

    def get_many(self, keys):
        return self._ask(super().get_many, keys, otherwise={})

    def has_key(self, key):
        return self._ask(super().has_key, key, otherwise=False)

    def set_many(self, data, timeout):
        self._ask(super().set_many, data, timeout, otherwise=None)

    def delete_many(self, keys):
        self._ask(super().delete_many, keys, otherwise=None)


class ForgivingRedisCache(RedisCache):
    """Django's cache in Redis, by a client that goes on without it."""

    def __init__(self, server, params):
        super().__init__(server, params)
        self._class = ForgivingClient
