"""Public pages, kept whole and compressed for a few seconds: one rendering for all who read.

A page is kept under its address, with the edition of the site and, where it shows a thread, the
version of that: what an editor publishes, and every comment and vote on an article's own page, is
seen at once. What a page tells of other articles' threads (their counts, the newest comments),
and what time alone changes, may be ``settings.PAGE_CACHE_SECONDS`` old; what has a cache of its
own (the pages named in the foot, rankings, counts of the archive) as old as that says.

Where a page has to be made anew, one request makes it. The others get the one that has just
grown too old, or wait for the new one. A page that was made ``OFTEN`` times within ``LATELY`` is
made once a second while it goes on changing: who only reads it may see one that is so old, who
has posted or voted never does.
"""

import re
from dataclasses import dataclass
from hashlib import sha256
from time import sleep, time

from django.conf import settings
from django.core.cache import caches
from django.core.exceptions import SuspiciousOperation
from django.db.models import Subquery
from django.http import HttpResponse
from django.middleware.gzip import re_accepts_gzip
from django.urls import Resolver404, resolve
from django.utils.cache import get_conditional_response

from articles.web.paging import read_page_number
from comments import compiled
from comments.models import Thread
from comments.orders import ORDERS
from comments.readers import COOKIE
from comments.thread_pages import ROOTS
from newsroom import redirects
from newsroom.edition import ONLY
from newsroom.models import Edition

ARTICLE = "articles:detail"
LISTS = {
    "home",
    "articles:author",
    "articles:category",
    "articles:month",
    "articles:tag",
    "articles:year",
}
KEPT = {ARTICLE, *LISTS, "feeds", "articles:archive"}
GRACE = 10  # seconds that a page too old is kept for those who come while it is made anew
TURN = 2  # seconds after which another request takes the turn to make a page
OFTEN, LATELY = 4, 2  # times, seconds
NOT_KEPT = "not kept"  # stands where the answer was none that can be kept
CANONICAL = re.compile("[1-9][0-9]{0,5}")  # a page of a list; other forms are not kept
CONDITIONS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE")
# Conditions against lost updates, which reading cannot cause.
FOR_WRITERS = ("HTTP_IF_MATCH", "HTTP_IF_UNMODIFIED_SINCE")


class PageCacheMiddleware:
    """Answer with the page that is kept, else keep the one that is made. Stands outside of what
    compresses pages and gives them their ETag, so that both are done once."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        place = settings.PAGE_CACHE_SECONDS and _is_asked_well(request) and place_of(request)
        if not place:
            return self.get_response(request)
        key, version = place
        if request.method == "HEAD":
            page = caches["pages"].get(key)
            is_good = isinstance(page, Page) and page.is_good_for(version)
            return page.answer() if is_good else self.get_response(request)
        for name in FOR_WRITERS:
            request.META.pop(name, None)
        conditions = {name: request.META.pop(name, None) for name in CONDITIONS}
        page, has_turn = _page_or_turn(key, version, takes_part=_takes_part(request))
        answer = page.answer() if page else self._made(request, key, version, has_turn)
        request.META.update({name: value for name, value in conditions.items() if value})
        return get_conditional_response(request, etag=answer.get("ETag"), response=answer)

    def _made(self, request, key, version, has_turn):
        begun, last = time(), caches["pages"].get(key)
        try:
            response = self.get_response(request)
            page, timeout = NOT_KEPT, settings.PAGE_CACHE_SECONDS
            if response.status_code >= 500:  # the next may succeed, and others wait for it
                return response
            if _is_for_all(response):
                last = None if last == NOT_KEPT else last
                page = Page.of(response, version=version, begun=begun, last=last)
                timeout += GRACE
            caches["pages"].set(key, page, timeout=timeout)
            return response
        finally:
            if has_turn and time() - begun < TURN:
                caches["pages"].delete(_turn(key))


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it was answered. ``lately``: when this one and those before it were begun."""

    version: tuple
    lately: tuple
    is_hurried: bool
    headers: dict
    content: bytes

    @classmethod
    def of(cls, response, *, version, begun, last):
        """Return the page of a response; ``last``: the page that stood in its place, or None."""
        lately = (begun, *(last.lately if last else ()))[:OFTEN]
        is_hurried = len(lately) == OFTEN and begun - lately[-1] < LATELY
        is_hurried |= bool(last) and last.is_hurried and begun - last.begun < LATELY
        return cls(version, lately, is_hurried, dict(response.items()), response.content)

    @property
    def begun(self):
        return self.lately[0]

    @property
    def age(self):
        return time() - self.begun

    def is_good_for(self, version):
        return self.age < settings.PAGE_CACHE_SECONDS and self.version == version

    def answer(self):
        return HttpResponse(self.content, headers=self.headers)


def _is_asked_well(request):
    """Whether nothing is wrong with a request for a page; what is wrong is refused further in."""
    try:
        request.get_host()
        request.GET  # noqa: B018  # too many parameters are refused when they are read
    except SuspiciousOperation:
        return False
    is_safe = "\0" not in request.path and "%00" not in request.META.get("QUERY_STRING", "")
    return is_safe and request.method in {"GET", "HEAD"}


def _takes_part(request):
    """Whether somebody who posts, votes, edits or moderates asks."""
    return COOKIE in request.COOKIES or settings.SESSION_COOKIE_NAME in request.COOKIES


def place_of(request):
    """Return the key under which the page that a request asks for is kept, and its version: the
    edition of the site and, of the page of an article, that of its thread; or None."""
    if request.path == "/" and redirects.find_destination(request):
        return None
    try:
        request.resolver_match = match = resolve(request.path_info)
    except Resolver404:
        return None
    if match.view_name not in KEPT:
        return None
    found = match.view_name == ARTICLE and _edition_and_thread.first(match.kwargs["slug"])
    edition, thread_version, last_number = found or (_edition.first(ONLY), None, 0)
    asked = _asked(match.view_name, request.GET, most=-(-last_number // ROOTS))
    if asked is None:
        return None
    parts = (
        settings.LANGUAGE_CODE,
        bool(re_accepts_gzip.search(request.headers.get("Accept-Encoding", ""))),
        match.view_name,
        sorted(match.kwargs.items()),
        asked,
    )
    return f"page:{sha256(repr(parts).encode()).hexdigest()}", (edition, thread_version)


def _asked(name, query, most):
    """Return what a page makes of the parameters it knows, or None where it is not kept. A thread
    has at most so many pages; a later one is the last."""
    if name == ARTICLE:
        order = query.get("order")
        return order if order in ORDERS else "old", max(1, min(read_page_number(query), most))
    if name in LISTS:
        page = query.get("page", "1")
        return page if CANONICAL.fullmatch(page) else None
    return ""


@compiled.rows
def _edition(pk):
    return Edition.objects.filter(pk=pk).values_list("number", flat=True)


@compiled.rows
def _edition_and_thread(slug):
    edition = Edition.objects.filter(pk=ONLY).values("number")
    threads = Thread.objects.filter(article__slug=slug)
    return threads.values_list(Subquery(edition), "version", "last_number")


def _page_or_turn(key, version, *, takes_part):
    """Return the page that is kept under a key, or None and whether it is this request's turn to
    make it. Where the last answer was none that can be kept nobody waits."""
    came = time()
    while True:
        page = caches["pages"].get(key)
        if page == NOT_KEPT:
            return None, False
        if page and (page.is_good_for(version) or page.begun > came):
            return page, False
        may_lag = page and page.is_hurried and not takes_part
        if may_lag and page.age < 1:
            return page, False
        if caches["pages"].add(_turn(key), True, timeout=TURN):
            return None, True
        if page and (page.version == version or (may_lag and page.age < LATELY)):
            return page, False
        if time() - came > TURN:
            return None, False
        sleep(0.01)


def _turn(key):
    """Return the key by which one request takes its turn to make a page."""
    return f"{key}:turn"


def _is_for_all(response):
    return (
        response.status_code == 200
        and not response.streaming
        and not response.cookies
        and "cookie" not in response.get("Vary", "").lower()
        and "no-store" not in response.get("Cache-Control", "")
    )
