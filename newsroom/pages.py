"""Public pages, kept whole and compressed for a few seconds: one rendering for all who read.

A page is known by its address, by the edition of the site and, where it shows a thread, by the
version of that: what an editor publishes, and every comment and vote on an article's own page, is
seen at once. What a page tells of other articles' threads (their counts, the newest comments),
and what time alone changes, may be ``settings.PAGE_CACHE_SECONDS`` old.

Where a page has to be made anew, one request makes it. The others get the one that has just
grown too old, or wait a moment where there is none.
"""

from hashlib import sha256
from time import monotonic, sleep, time

from django.conf import settings
from django.core.cache import caches
from django.db.models import Subquery
from django.http import HttpResponse
from django.urls import Resolver404, resolve
from django.utils.cache import get_conditional_response

from articles.redirects import old_path
from comments import prepared
from comments.models import Thread
from newsroom.edition import ONLY
from newsroom.models import Edition

# The parameters of which each page knows; another one changes nothing on it.
PAGES = {
    "home": ("page",),
    "feeds": (),
    "articles:archive": (),
    "articles:author": ("page",),
    "articles:category": ("page",),
    "articles:detail": ("order", "page"),
    "articles:month": ("page",),
    "articles:tag": ("page",),
    "articles:year": ("page",),
}
GRACE = 10  # seconds that a page too old is kept for those who come while it is made anew
PATIENCE = 1  # seconds to wait for a page that another request makes
CONDITIONS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE")


class PageCacheMiddleware:
    """Answer with the page that is kept, else keep the one that is made. Stands outside of what
    compresses pages and gives them their ETag, so that both are done once."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        key = settings.PAGE_CACHE_SECONDS and request.method == "GET" and key_of(request)
        if not key:
            return self.get_response(request)
        request.get_host()  # raises where it is none of ours
        conditions = {name: request.META.pop(name, None) for name in CONDITIONS}
        page = _fresh(key) or self._made(request, key)
        request.META.update({name: value for name, value in conditions.items() if value})
        return get_conditional_response(request, etag=page.get("ETag"), response=page)

    def _made(self, request, key):
        try:
            response = self.get_response(request)
            if _is_for_all(response):
                kept = (time(), list(response.items()), response.content)
                timeout = settings.PAGE_CACHE_SECONDS + GRACE
                caches["pages"].set(key, kept, timeout=timeout)
            return response
        finally:
            caches["pages"].delete(_turn(key))


def key_of(request):
    """Return the key under which the page that a request asks for is kept, or None."""
    if "\0" in request.path or (request.path == "/" and old_path(request)):
        return None
    try:
        match = resolve(request.path_info)
    except Resolver404:
        return None
    known = PAGES.get(match.view_name)
    if known is None:
        return None
    parts = (
        settings.RELEASE,
        settings.LANGUAGE_CODE,
        "gzip" in request.headers.get("Accept-Encoding", ""),
        match.view_name,
        sorted(match.kwargs.items()),
        [request.GET.get(name, "") for name in known],
        _versions(match),
    )
    return f"page:{sha256(repr(parts).encode()).hexdigest()}"


def _versions(match):
    if match.view_name == "articles:detail":
        found = _edition_and_thread.first(match.kwargs["slug"])
        if found:
            return found
    return _edition.first(ONLY)


@prepared.rows
def _edition(pk):
    return Edition.objects.filter(pk=pk).values_list("number", flat=True)


@prepared.rows
def _edition_and_thread(slug):
    edition = Edition.objects.filter(pk=ONLY).values("number")
    threads = Thread.objects.filter(article__slug=slug)
    return threads.values_list("version", Subquery(edition))


def _fresh(key):
    """Return the page that is kept under a key, or None: then this request is to make it."""
    until = monotonic() + PATIENCE
    while True:
        kept = caches["pages"].get(key)
        if kept and time() - kept[0] < settings.PAGE_CACHE_SECONDS:
            return _answer(kept)
        if caches["pages"].add(_turn(key), True, timeout=GRACE):
            return None
        if kept:
            return _answer(kept)
        if monotonic() > until:
            return None
        sleep(0.01)


def _turn(key):
    """Return the key by which one request takes its turn to make a page."""
    return f"{key}:turn"


def _answer(kept):
    _made_at, headers, content = kept
    return HttpResponse(content, headers=dict(headers))


def _is_for_all(response):
    return (
        response.status_code == 200
        and not response.streaming
        and not response.cookies
        and "cookie" not in response.get("Vary", "").lower()
        and "no-store" not in response.get("Cache-Control", "")
    )
