"""Where cached pages are: in this process, and in the cache that all processes share."""

from contextlib import suppress
from dataclasses import replace
from time import time

from django.core.cache import caches

from comments.erasing import ERASED_AT
from newsroom.page_cache.cached_page import CachedPage
from newsroom.site_identity import identify_database

MOST = 256  # pages in this process
SHARED_AGAIN = 600  # seconds after which an unchanged page is written to the cache again
MARGIN = 5  # seconds that the version of a page may be late, and clocks may differ
MOST_STALE = 3_600  # seconds that a page is kept here: no outage shows what was removed before
LOCK_SECONDS = 2  # after which another request may render the page
UNCACHEABLE = "uncacheable"  # cached in place of a page, so that no request waits for one


class PageStore:
    """Finds and keeps pages. One of these serves all threads of a process."""

    def __init__(self):
        self._own = {}

    def get_own(self, key):
        """Return the page that this process has, or None."""
        return self._own.get(key)

    def find_newest(self, key):
        """Return the newest copy of a page, however old its content, or None."""
        copies = [self.get_own(key), self.get(key)]
        erased_at = caches["pages"].get(ERASED_AT, 0)
        pages = [
            page
            for page in copies
            if isinstance(page, CachedPage)
            and time() - page.filled_at < MOST_STALE
            and page.filled_at > erased_at + MARGIN
            and page.identity == identify_database()
        ]
        return max(pages, key=lambda page: page.filled_at, default=None)

    def get(self, key):
        """Return the page that the processes share, ``UNCACHEABLE`` or None."""
        page = caches["pages"].get(key)
        if isinstance(page, CachedPage):
            self._keep(key, page)
        elif page == UNCACHEABLE:
            self._own.pop(key, None)
        return page

    def set(self, key, page, *, seconds):
        caches["pages"].set(key, page, timeout=seconds)
        if isinstance(page, CachedPage):
            self._keep(key, page)
        else:
            self._own.pop(key, None)

    def renew(self, key, page, *, seconds):
        """Keep a page whose gaps were filled again; the other processes see it if it has changed or
        was not shared for long."""
        own = self._own.get(key)
        if not own or own.etag != page.etag or page.filled_at - page.shared_at > SHARED_AGAIN:
            page = replace(page, shared_at=page.filled_at)
            caches["pages"].set(key, page, timeout=seconds)
        self._keep(key, page)

    def lock(self, key):
        """Return whether this request may render a page; the others wait for it."""
        return caches["pages"].add(_build_lock_key(key), True, timeout=LOCK_SECONDS)

    def unlock(self, key):
        caches["pages"].delete(_build_lock_key(key))

    def _keep(self, key, page):
        self._own.pop(key, None)
        with suppress(StopIteration, KeyError, RuntimeError):  # another thread was faster
            while self._own and self._must_go(next(iter(self._own))):
                del self._own[next(iter(self._own))]
        self._own[key] = page

    def _must_go(self, oldest):
        return len(self._own) >= MOST or time() - self._own[oldest].filled_at > MOST_STALE


def _build_lock_key(key):
    return f"{key}:lock"
