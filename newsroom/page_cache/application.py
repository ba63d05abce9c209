"""The WSGI application that answers from the page cache, else from Django."""

import logging
from contextlib import suppress
from dataclasses import dataclass
from math import inf
from time import sleep, time

from django.conf import settings

from articles.web.expiry import CHANGES_AT, find_midnight
from articles.web.gaps import NOTED
from comments.readers import COOKIE
from newsroom.metrics import SOURCE
from newsroom.outage_middleware import AWAY
from newsroom.page_cache.cached_page import HOT_SECONDS, CachedPage, find_encoding
from newsroom.page_cache.page_addresses import find_page_address, find_redirect
from newsroom.page_cache.page_store import LOCK_SECONDS, UNCACHEABLE, PageStore
from newsroom.page_cache.page_versions import LONG, DatabaseAway, PageVersions
from newsroom.proxies import resolve_forwarded

logger = logging.getLogger(__name__)

STALE_SECONDS = 10  # how long an expired page is sent while another request renders it
HOT_AGE = 1  # seconds between two renderings of a hot page
# Headers of one request that must not shape a page for all readers.
OWN_HEADERS = {
    "HTTP_ACCEPT_ENCODING",
    "HTTP_IF_MATCH",
    "HTTP_IF_MODIFIED_SINCE",
    "HTTP_IF_NONE_MATCH",
    "HTTP_IF_UNMODIFIED_SINCE",
}
FILES = (settings.STATIC_URL, settings.MEDIA_URL)  # need no database
CACHE = "cache"  # the source of an answer, for the metrics
# RFC 9211: the answer is older than its content may be, because the database does not answer.
DATABASE_AWAY = ("Cache-Status", 'newsroom; hit; detail="database away"')


class PageCache:
    """Answers requests for cached pages, and passes all others to an application."""

    def __init__(self, application):
        self._application = application
        self._pages, self._versions = PageStore(), PageVersions()

    def __call__(self, environ, start_response):
        resolve_forwarded(environ)
        try:
            return self._answer(environ, start_response)
        except DatabaseAway:  # and no page is cached: Django says so
            return self._application(environ | {AWAY: True}, start_response)

    def is_cached(self, environ, *, is_current):
        """Return whether the page that a request asks for is in the cache; with ``is_current``,
        whether it has its present content. Its gaps may be due. Raises ``DatabaseAway``."""
        address = find_page_address(environ)
        if not address:
            return False
        version = self._versions.read(address.slug, may_be_late=True)
        page = self._pages.get(address.build_key(version.last_number))
        if not isinstance(page, CachedPage):
            return False
        return not is_current or page.has_content_of(version)

    def _answer(self, environ, start_response):
        address = find_page_address(environ) if settings.PAGE_CACHE_SECONDS else None
        if not address or (address.may_redirect and self._is_redirect(environ)):
            if settings.PAGE_CACHE_SECONDS and not environ["PATH_INFO"].startswith(FILES):
                # What is not cached as a page finds its parts under the database's identity.
                self._versions.read("", may_be_late=True, patience=LONG)
            return self._application(environ, start_response)
        participates = is_participant(environ)
        try:
            version = self._versions.read(address.slug, may_be_late=not participates)
        except DatabaseAway as away:
            page = self._find_last(address, away.remembered)
            environ[SOURCE] = CACHE
            return page.answer(
                environ, start_response, is_participant=participates, extra=[DATABASE_AWAY]
            )
        key = address.build_key(version.last_number)
        page = self._pages.get_own(key)
        if page and not page.is_fresh(version):
            page = self._refill(environ, key, page, version)
        if not page:
            page, has_lock = self._find_or_lock(environ, key, version, participates)
            if not page:
                return self._render(environ, start_response, address, key, version, has_lock)
        environ[SOURCE] = CACHE
        return page.answer(environ, start_response, is_participant=participates)

    def _is_redirect(self, environ):
        with suppress(DatabaseAway):  # then the front page is a better answer than none
            return bool(self._versions.ask(find_redirect, environ))
        return False

    def _find_last(self, address, version):
        """Return the last known page of an address, or raise ``DatabaseAway``."""
        page = self._pages.find_newest(address.build_key(version and version.last_number))
        if not page:
            raise DatabaseAway(version)
        return page

    def _refill(self, environ, key, page, version):
        """Return a page with its gaps filled again, or None if it must be rendered."""
        if not page.is_kept or page.left <= 0 or not page.has_content_of(version):
            return None
        try:
            page = self._versions.ask(page.refill, version, find_encoding(environ))
        except DatabaseAway:
            return page
        except Exception:  # a page with older figures is better than none
            logger.exception("What a page shows of other articles could not be filled in.")
            return page if page.has_lists_of(version) else None
        self._pages.renew(key, page, seconds=page.left)
        return page

    def _find_or_lock(self, environ, key, version, participates):
        """Return the cached page, or None and whether this request has the lock to render it."""
        asked_at = time()
        while True:
            page = self._pages.get(key)
            if page == UNCACHEABLE:
                return None, False
            if page and (page.is_fresh(version) or page.started_at > asked_at):
                return page, False
            if page and (refilled := self._refill(environ, key, page, version)):
                return refilled, False
            if environ["REQUEST_METHOD"] == "HEAD":
                return None, False
            may_be_late = page and page.is_hot and not participates
            if may_be_late and page.age < HOT_AGE:
                return page, False
            if self._pages.lock(key):
                return None, True
            if page and (page.holds(version) or (may_be_late and page.age < HOT_SECONDS)):
                return page, False
            if time() - asked_at > LOCK_SECONDS:
                return None, False
            sleep(0.01)

    def _render(self, environ, start_response, address, key, version, has_lock):
        """Answer with what the application renders, and cache it."""
        if environ["REQUEST_METHOD"] == "HEAD":
            return self._application(environ, start_response)
        started_at, midnight, previous = time(), find_midnight(), self._pages.get(key)
        try:
            if page := self._renew_thread(environ, address, previous, version):
                self._pages.set(key, page, seconds=page.left)
                return page.answer(environ, start_response, is_participant=is_participant(environ))
            common = {name: value for name, value in environ.items() if name not in OWN_HEADERS}
            rendering = Rendering.run(self._application, common)
            if rendering.is_failure:  # the stale page stays; the next request may succeed
                return rendering.answer(start_response)
            if not rendering.is_cacheable:
                self._pages.set(key, UNCACHEABLE, seconds=settings.PAGE_CACHE_SECONDS)
                return rendering.answer(start_response)
            filling = common.get(NOTED)
            page = CachedPage.build(
                version,
                started_at,
                rendering.headers,
                rendering.content,
                encoding=find_encoding(environ),
                changes_at=min(common.get(CHANGES_AT, inf), midnight if not filling else inf),
                filling=filling,
            ).succeed(previous if isinstance(previous, CachedPage) else None)
            shortly = settings.PAGE_CACHE_SECONDS + STALE_SECONDS
            self._pages.set(key, page, seconds=page.left if page.is_kept else shortly)
            return page.answer(environ, start_response, is_participant=is_participant(environ))
        finally:
            if has_lock and time() - started_at < LOCK_SECONDS:
                self._pages.unlock(key)

    def _renew_thread(self, environ, address, page, version):
        """Return the successor of a page of which the thread alone has changed; None if all of it
        must be rendered."""
        is_old = not isinstance(page, CachedPage) or page.left <= 0
        if is_old or not address.slug or not page.has_article_of(version):
            return None
        order, encoding = address.order, find_encoding(environ)
        try:
            return self._versions.ask(page.renew_thread, version, order, encoding).succeed(page)
        except DatabaseAway:  # the application says so
            return None
        except Exception:  # whatever it was, the application has an answer
            logger.exception("The thread of a page could not be renewed.")
            return None


@dataclass
class Rendering:
    """A whole response of a WSGI application."""

    status: str = ""
    headers: tuple = ()
    content: bytes = b""

    @classmethod
    def run(cls, application, environ):
        rendering = cls()

        def start(status, headers, exc_info=None):
            rendering.status, rendering.headers = status, tuple(headers)

        chunks = application(environ, start)
        try:
            rendering.content = b"".join(chunks)
        finally:
            if hasattr(chunks, "close"):
                chunks.close()
        return rendering

    def answer(self, start_response):
        start_response(self.status, list(self.headers))
        return [self.content]

    @property
    def is_failure(self):
        return self.status.startswith("5")

    @property
    def is_cacheable(self):
        headers = {name.lower(): value.lower() for name, value in self.headers}
        return (
            self.status.startswith("200")
            and "set-cookie" not in headers
            and "cookie" not in headers.get("vary", "")
            and "no-store" not in headers.get("cache-control", "")
        )


def is_participant(environ):
    """Return whether a request comes from somebody who posts, votes, edits or moderates."""
    cookies = environ.get("HTTP_COOKIE", "")
    return bool(cookies) and (
        f"{COOKIE}=" in cookies or f"{settings.SESSION_COOKIE_NAME}=" in cookies
    )
