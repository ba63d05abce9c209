"""Rate limits, counted in the cache: in memory for each process, in Redis for all of them."""

from time import time

from django.core.cache import cache


def count_action(action, who, limits):
    """Count an action and return the seconds until another is allowed; 0 while it is in time.

    ``limits`` are {seconds: how often}, each counted from one multiple of its period to the next.
    ``who`` is stored as it is, so it must be a hash.
    """
    now, wait = time(), 0
    for seconds, most in limits.items():
        period = int(now // seconds)
        key = f"rate:{action}:{seconds}:{period}:{who}"
        if _increment(key, seconds) > most:
            wait = max(wait, int((period + 1) * seconds - now) + 1)
    return wait


def _increment(key, seconds):
    if cache.add(key, 1, timeout=seconds):
        return 1
    try:
        return cache.incr(key)
    except ValueError:  # the entry was evicted in between
        return 1
