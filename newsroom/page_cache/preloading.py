"""Preloading: the pages of articles are rendered before anybody asks for them.

A thread of the server asks the page cache for the pages of the newest articles that are not cached
with their present content, so that neither a crawler nor a reader of the archive waits for one. It
works for a tenth of the time, in one process of all, and waits while its process is busy.
"""

import logging
import sys
from io import BytesIO
from threading import Thread, main_thread
from time import monotonic, process_time, thread_time
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.urls import reverse

from articles.models import Article
from newsroom.metrics import build_counter
from newsroom.page_cache.application import Rendering
from newsroom.probes import check_cache

logger = logging.getLogger(__name__)

ENCODING = "br"  # most browsers take it, and the page cache keeps it
REST = 9  # seconds of rest for each second of work: a tenth of a core at most
SHORTEST_REST = 0.01  # seconds
BUSY = 0.3  # of a core, used by the rest of the process: readers come first
BUSY_REST = 1  # seconds, while it is busy
FIRST, AGAIN = 5, 120  # seconds from the start to the first round, and from round to round
LOCK, LOCK_SECONDS, RENEWED = "preloading", 60, 20


class Unkept(Exception):
    """It makes no sense to go on now."""


class Preloader:
    """Makes the pages that are not cached. ``build_pages`` returns a page cache with nothing of its
    own: each round has one, so the pages that this process answers from stay where they are."""

    def __init__(self, build_pages):
        self._build_pages = build_pages
        self._counter = build_counter("pages_preloaded", "Pages rendered before anybody asked")
        self._broken = set()  # addresses of pages that failed: one error in the log is enough

    def run(self, most, rest=lambda seconds: True):
        """Make the pages of the newest articles; return how many.

        ``rest`` is called after each look at an article with the seconds that it took. The round
        ends when that returns False, or raises Unkept.
        """
        pages, number = self._build_pages(), 0
        for address in list_addresses(most):
            begun = monotonic()
            number += self._make(pages, address)
            if not rest(monotonic() - begun):
                break
        return number

    def _make(self, pages, address):
        """Return whether there was a page to make, and it is cached now."""
        if address in self._broken or pages.is_cached(build_environ(address), is_current=True):
            return False
        status = Rendering.run(pages, build_environ(address)).status[:3]
        if status == "503":
            raise Unkept("the site cannot answer")
        if status != "200":  # the article has just gone, or cannot be rendered
            self._broken |= {address} if status.startswith("5") else set()
            return False
        if not pages.is_cached(build_environ(address), is_current=False):
            raise Unkept("the cache keeps no page")
        if self._counter:
            self._counter.inc()
        return True


class PreloadingThread:
    """Preloads in rounds until the process ends."""

    def __init__(self, preloader):
        self._preloader = preloader
        self._seen, self._locked_at = (0.0, 0.0), 0.0

    def start(self):
        # Not a daemon: the end of the process would interrupt it in the middle of a page.
        Thread(target=self._run, name="preloading", daemon=False).start()

    def _run(self):
        seconds = FIRST
        while wait(seconds):
            try:
                if self._lock():
                    self._preloader.run(count_most(), self._rest)
                    cache.set(LOCK, True, AGAIN - 1)  # no other process looks again before that
            except Exception as error:  # the database is away, or was never migrated
                logger.info("Preloading goes on in %d seconds: %s", AGAIN, error)
            finally:
                connection.close()
            seconds = AGAIN

    def _lock(self):
        if not check_cache():
            return False
        self._locked_at = monotonic()
        return cache.add(LOCK, True, LOCK_SECONDS)

    def _rest(self, seconds):
        """Rest after a page, and for as long as readers keep the process busy. Return whether the
        process goes on."""
        connection.close()  # nobody waits for it meanwhile
        goes_on, pause = True, max(SHORTEST_REST, seconds * REST)
        while goes_on:
            self._note_use()
            begun = monotonic()
            goes_on = wait(pause)
            self._renew_lock()
            if self._note_use() < BUSY * (monotonic() - begun):
                break
            pause = BUSY_REST
        return goes_on

    def _note_use(self):
        """Return the seconds of the processor that other threads took since the last call."""
        before, self._seen = self._seen, (process_time(), thread_time())
        return (self._seen[0] - before[0]) - (self._seen[1] - before[1])

    def _renew_lock(self):
        if monotonic() - self._locked_at > RENEWED:
            cache.set(LOCK, True, LOCK_SECONDS)
            self._locked_at = monotonic()


def start_preloading(build_pages):
    """Start the thread of this process, if the settings ask for it."""
    if settings.PAGES_PRELOADED and settings.PAGE_CACHE_SECONDS:
        PreloadingThread(Preloader(build_pages)).start()


def wait(seconds):
    """Wait so long, or until the process ends. Return whether it goes on."""
    main_thread().join(seconds)
    return main_thread().is_alive()


def count_most():
    """Return how many pages are preloaded: half of what a cache in memory holds, at most."""
    held = settings.CACHES["pages"].get("OPTIONS", {}).get("MAX_ENTRIES")
    return min(settings.PAGES_PRELOADED, held // 2) if held else settings.PAGES_PRELOADED


def list_addresses(most):
    """Return the paths of articles, the newest first."""
    newest = Article.objects.listed().newest_first()
    return [
        reverse("articles:detail", args=[slug])
        for slug in newest.values_list("slug", flat=True)[:most]
    ]


def build_environ(address):
    """Return the environment of a reader's request, as WSGI has it."""
    site = urlsplit(settings.SITE_URL)
    return {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote(address).encode().decode("latin-1"),
        "QUERY_STRING": "",
        "SERVER_NAME": site.hostname,
        "SERVER_PORT": str(site.port or {"http": 80, "https": 443}[site.scheme]),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": site.netloc,
        "HTTP_ACCEPT_ENCODING": ENCODING,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": site.scheme,
        "wsgi.input": BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
