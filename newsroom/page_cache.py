"""The page cache: a public page is rendered once and sent to all readers for a few seconds.

A cached page is compressed. Its cache key identifies the address, its version the content: the
edition of the site (``newsroom.edition``) and, on an article's page, the version of the thread. So
readers see an editor's changes at once, and on an article's page every comment and vote. Figures
of other articles' threads, and texts that change with time alone, may be
``settings.PAGE_CACHE_SECONDS`` old. Parts with a cache of their own (footer pages, rankings,
archive counts) follow that cache.

A lock lets one request render a page. The others get the stale page (stale-while-revalidate) or
wait. A page rendered ``HOT_RENDERINGS`` times within ``HOT_SECONDS`` is hot: it is rendered once
a second while it goes on changing. Readers may see it one second late, except those who have
posted or voted.
"""

from dataclasses import dataclass, replace
from hashlib import sha256
from math import inf
from time import sleep, time

from django.conf import settings
from django.core.cache import caches
from django.core.exceptions import SuspiciousOperation
from django.db.models import Subquery
from django.http import HttpResponse
from django.middleware.gzip import re_accepts_gzip
from django.urls import Resolver404, resolve
from django.utils.cache import get_conditional_response

from articles.web.paging import read_integer, read_page_number
from comments import compiled
from comments.models import Thread
from comments.orders import ORDERS
from comments.readers import COOKIE
from comments.thread_pages import ROOTS
from newsroom import redirects
from newsroom.edition import ONLY
from newsroom.middleware import has_nul
from newsroom.models import Edition

ARTICLE_VIEW = "articles:detail"
LIST_VIEWS = {
    "home",
    "articles:author",
    "articles:category",
    "articles:month",
    "articles:tag",
    "articles:year",
}
CACHED_VIEWS = {ARTICLE_VIEW, *LIST_VIEWS, "feeds", "articles:archive"}
STALE_SECONDS = 10  # how long an expired page is sent while another request renders it
LOCK_SECONDS = 2  # after which another request may render the page
HOT_RENDERINGS, HOT_SECONDS = 4, 2
HOT_AGE = 1  # seconds between two renderings of a hot page
UNCACHEABLE = "uncacheable"  # cached in place of a page, so that no request waits for one
READ_CONDITIONS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE")
WRITE_CONDITIONS = ("HTTP_IF_MATCH", "HTTP_IF_UNMODIFIED_SINCE")


class PageCacheMiddleware:
    """Answers from the page cache. It runs outside the middleware that compresses pages and
    computes their ETags, so both are done once for a cached page."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        is_public = settings.PAGE_CACHE_SECONDS and _is_well_formed(request)
        place = find_key_and_version(request) if is_public else None
        if not place:
            return self.get_response(request)
        key, version = place
        if request.method == "HEAD":
            page = caches["pages"].get(key)
            is_fresh = isinstance(page, Page) and page.is_fresh(version)
            return page.build_response() if is_fresh else self.get_response(request)
        for name in WRITE_CONDITIONS:
            request.META.pop(name, None)
        conditions = {name: request.META.pop(name, None) for name in READ_CONDITIONS}
        page, has_lock = _get_page_or_lock(key, version, is_participant=_is_participant(request))
        response = page.build_response() if page else self._render(request, key, version, has_lock)
        request.META.update({name: value for name, value in conditions.items() if value})
        return get_conditional_response(request, etag=response.get("ETag"), response=response)

    def _render(self, request, key, version, has_lock):
        """Return the response of the view, and cache it."""
        started_at, previous = time(), caches["pages"].get(key)
        try:
            response = self.get_response(request)
            if response.status_code >= 500:  # the stale page stays; the next request may succeed
                return response
            page, timeout = UNCACHEABLE, settings.PAGE_CACHE_SECONDS
            if _is_cacheable(response):
                previous = None if previous == UNCACHEABLE else previous
                page = Page.from_response(response, version, started_at, previous)
                page = replace(page, changes_at=_read_change(request))
                timeout += STALE_SECONDS
            caches["pages"].set(key, page, timeout=timeout)
            return response
        finally:
            if has_lock and time() - started_at < LOCK_SECONDS:
                caches["pages"].delete(_build_lock_key(key))


@dataclass(frozen=True, slots=True)
class Page:
    """A response in the cache. ``starts`` are the times at which its rendering and earlier ones
    started, newest first. ``changes_at``: when its content changes by itself, as a measure ends."""

    version: tuple
    starts: tuple
    is_hot: bool
    headers: dict
    content: bytes
    changes_at: float = inf

    @classmethod
    def from_response(cls, response, version, started_at, previous):
        """Return the page of a response; ``previous``: the page that it replaces, or None."""
        starts = (started_at, *(previous.starts if previous else ()))[:HOT_RENDERINGS]
        is_hot = len(starts) == HOT_RENDERINGS and started_at - starts[-1] < HOT_SECONDS
        if previous and previous.is_hot:
            is_hot |= started_at - previous.started_at < HOT_SECONDS
        return cls(version, starts, is_hot, dict(response.items()), response.content)

    @property
    def started_at(self):
        return self.starts[0]

    @property
    def age(self):
        return time() - self.started_at

    def is_fresh(self, version):
        return self.age < settings.PAGE_CACHE_SECONDS and self.has_content_of(version)

    def has_content_of(self, version):
        return self.version == version and time() < self.changes_at

    def build_response(self):
        return HttpResponse(self.content, headers=self.headers)


def _is_well_formed(request):
    """Whether a request is a GET or HEAD without a fault. Later middleware refuses faulty ones."""
    try:
        request.get_host()
        request.GET  # noqa: B018  # too many parameters are refused when they are read
    except SuspiciousOperation:
        return False
    is_readable = not request.fault and not has_nul(request)
    return request.method in {"GET", "HEAD"} and is_readable


def _is_participant(request):
    """Whether the request comes from somebody who posts, votes, edits or moderates."""
    return COOKIE in request.COOKIES or settings.SESSION_COOKIE_NAME in request.COOKIES


def find_key_and_version(request):
    """Return the cache key and the version of the requested page, or None if the page is not
    cached. The version is the site's edition and the thread's version."""
    if request.path == "/" and redirects.find_destination(request):
        return None
    try:
        request.resolver_match = match = resolve(request.path_info)
    except Resolver404:
        return None
    if match.view_name not in CACHED_VIEWS:
        return None
    row = match.view_name == ARTICLE_VIEW and _edition_and_thread.first(match.kwargs["slug"])
    edition, thread_version, last_number = row or (_edition.first(ONLY), None, 0)
    parameters = _read_parameters(match.view_name, request.GET, pages=-(-last_number // ROOTS))
    if parameters is None:
        return None
    parts = (
        settings.LANGUAGE_CODE,
        bool(re_accepts_gzip.search(request.headers.get("Accept-Encoding", ""))),
        match.view_name,
        sorted(match.kwargs.items()),
        parameters,
    )
    return f"page:{sha256(repr(parts).encode()).hexdigest()}", (edition, thread_version)


def _read_parameters(view_name, query, *, pages):
    """Return the parameters that change a page, or None if the page is not cached. A thread has at
    most ``pages``; numbers above show the last one."""
    if view_name == ARTICLE_VIEW:
        order = query.get("order")
        return order if order in ORDERS else "old", max(1, min(read_page_number(query), pages))
    if view_name in LIST_VIEWS:
        number = query.get("page", "1")
        return number if number == str(read_integer(number, digits=6)) else None
    return ""


@compiled.rows
def _edition(pk):
    return Edition.objects.filter(pk=pk).values_list("number", flat=True)


@compiled.rows
def _edition_and_thread(slug):
    edition = Edition.objects.filter(pk=ONLY).values("number")
    threads = Thread.objects.filter(article__slug=slug)
    return threads.values_list(Subquery(edition), "version", "last_number")


def _get_page_or_lock(key, version, *, is_participant):
    """Return the cached page, or None and whether this request holds the lock to render it."""
    asked_at = time()
    while True:
        page = caches["pages"].get(key)
        if page == UNCACHEABLE:
            return None, False
        if page and (page.is_fresh(version) or page.started_at > asked_at):
            return page, False
        may_be_late = page and page.is_hot and not is_participant
        if may_be_late and page.age < HOT_AGE:
            return page, False
        if caches["pages"].add(_build_lock_key(key), True, timeout=LOCK_SECONDS):
            return None, True
        if page and (page.has_content_of(version) or (may_be_late and page.age < HOT_SECONDS)):
            return page, False
        if time() - asked_at > LOCK_SECONDS:
            return None, False
        sleep(0.01)


def _read_change(request):
    """Return when the page that was rendered changes by itself."""
    changes_at = getattr(request, "changes_at", None)
    return changes_at.timestamp() if changes_at else inf


def _build_lock_key(key):
    return f"{key}:lock"


def _is_cacheable(response):
    return (
        response.status_code == 200
        and not response.streaming
        and not response.cookies
        and "cookie" not in response.get("Vary", "").lower()
        and "no-store" not in response.get("Cache-Control", "")
    )
