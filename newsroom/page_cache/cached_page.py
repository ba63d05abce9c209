"""A page in the cache, and the answer that a client gets of it."""

import gzip
from collections import Counter
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from hashlib import sha256
from math import ceil, inf
from time import time

import brotli
from django.conf import settings
from django.utils.http import http_date, parse_etags, parse_http_date_safe

from articles.lookup import open_list_parts
from articles.web.gaps import Filling, refill_page, render_gaps
from comments.kept_pages import LONGEST
from comments.thread_gaps import render_parts
from newsroom import article_lists, side  # noqa: F401  # fill gaps
from newsroom.site_identity import read_identity

HOT_RENDERINGS, HOT_SECONDS = 4, 2
KEPT_SECONDS = LONGEST.total_seconds()  # how long a page is kept whose version lasts
ENCODINGS = ("br", "gzip")  # the better first
FAST = {"br": 1, "gzip": 1}  # levels: most pages have one reader before they change
WELL = {"br": 5, "gzip": 6}
IN_DEMAND = 3  # the reader for whom a process compresses a page well
COMPRESS = {
    "br": lambda content, level: brotli.compress(content, quality=level),
    "gzip": lambda content, level: gzip.compress(content, level, mtime=0),
}
DECOMPRESS = {"br": brotli.decompress, "gzip": gzip.decompress}
# Headers that depend on the encoding, or that a page gets here.
OWN_HEADERS = {"cache-control", "content-length", "etag"}
OF_CONTENT = {"content-type", "content-language"}


@dataclass(frozen=True)
class CachedPage:
    """A response in the cache. ``version`` and ``edition`` are those of its content and of its
    lists. ``starts`` are the times at which its rendering and earlier ones started, newest first;
    ``rendered_at`` is when all of it was rendered and not its thread alone.
    ``changes_at``: when its content changes by itself, as a measure ends. ``bodies`` are
    compressed, by the name of the encoding. ``filling`` tells the gaps of a page that is kept as
    long as its version (``articles.web.gaps``), and ``filled_at`` when they were filled; None: it
    is rendered again after ``settings.PAGE_CACHE_SECONDS``. ``shared_at``: when it was written to
    the cache of all processes. ``uses`` counts the answers in each encoding. ``modified_at``: when
    it became what it is."""

    version: tuple
    edition: int | None
    starts: tuple
    is_hot: bool
    headers: tuple
    etag: str
    bodies: dict
    rendered_at: float
    changes_at: float = inf
    filling: Filling | None = None
    filled_at: float = 0.0
    shared_at: float = 0.0
    uses: Counter = field(default_factory=Counter)
    modified_at: float = 0.0

    @classmethod
    def build(
        cls, version, started_at, headers, content, *, encoding, changes_at=inf, filling=None
    ):
        """Return the page of a response, compressed in one encoding."""
        return cls(
            version.content,
            version.edition,
            (started_at,),
            False,
            tuple(pair for pair in headers if pair[0].lower() not in OWN_HEADERS),
            build_etag(content),
            compress_once(content, encoding),
            started_at,
            changes_at,
            filling,
            started_at,
            started_at,
            modified_at=started_at,
        )

    def succeed(self, previous):
        """Return this page as the successor of another, which may be None."""
        starts = (*self.starts, *(previous.starts if previous else ()))[:HOT_RENDERINGS]
        is_hot = len(starts) == HOT_RENDERINGS and self.started_at - starts[-1] < HOT_SECONDS
        if previous and previous.is_hot:
            is_hot |= self.started_at - previous.started_at < HOT_SECONDS
        is_same = previous and previous.etag == self.etag
        modified_at = previous.modified_at if is_same else self.modified_at
        return replace(self, starts=starts, is_hot=is_hot, modified_at=modified_at)

    def refill(self, version, encoding, thread=None):
        """Return this page with new contents in its gaps: in the figures alone, if its lists are
        those of a version. ``thread``: contents by gap. A few queries."""
        now, gaps, parts = time(), self.filling.unpack(), open_list_parts()
        if self.has_lists_of(version):
            due, until, uses = gaps.figures, self.filling.until, self.uses
        else:  # demand is counted anew, or a crawler would come to be the reader in demand
            due, until, uses = gaps.names, parts.until, self._keep_demand()
        contents = render_gaps(due, parts) | (thread or {})
        page = replace(self, filled_at=now, edition=version.edition, uses=uses)
        if not gaps.is_changed_by(contents):
            return replace(page, filling=replace(self.filling, until=until))
        content, gaps = refill_page(gaps, self.plain, contents)
        return replace(
            page,
            filling=Filling.pack(gaps, until),
            etag=build_etag(content),
            bodies=compress_once(content, encoding),
            uses=Counter(),
            modified_at=now,
        )

    def renew_thread(self, version, order, encoding):
        """Return this page with its thread as it is now. A few queries."""
        now = time()
        thread, change = render_parts(version.article, order)
        return replace(
            self.refill(version, encoding, thread),
            version=version.content,
            starts=(now,),
            is_hot=False,
            changes_at=min(self.changes_at, change.timestamp() if change else inf),
            shared_at=now,
        )

    def _keep_demand(self):
        """Return the uses of the encodings that are compressed well."""
        return Counter({name: uses for name, uses in self.uses.items() if uses >= IN_DEMAND})

    @property
    def started_at(self):
        return self.starts[0]

    @property
    def age(self):
        """Seconds since the rendering."""
        return time() - self.started_at

    @property
    def is_kept(self):
        """Whether only its gaps are filled again while its version lasts."""
        return self.filling is not None

    @property
    def left(self):
        """Seconds for which a kept page may still be kept."""
        return self.rendered_at + KEPT_SECONDS - time()

    @property
    def identity(self):
        """The identity of the database that the page was rendered from."""
        return read_identity(self.edition)

    def is_fresh(self, version):
        return time() - self.filled_at < settings.PAGE_CACHE_SECONDS and self.holds(version)

    def holds(self, version):
        """Whether it is the page of a version, however old its figures."""
        return self.has_content_of(version) and self.has_lists_of(version)

    def has_content_of(self, version):
        """Whether its content is that of a version, but for its gaps."""
        return self.version == version.content and time() < self.changes_at

    def has_article_of(self, version):
        """Whether its thread alone may be that of another version, and is in gaps."""
        return bool(
            self.is_kept
            and self.filling.has_parts
            and self.version[:-1] == version.content[:-1]
            and time() < self.changes_at
        )

    def has_lists_of(self, version):
        """Whether its lists of articles are those of a version."""
        return not self.is_kept or (self.edition == version.edition and time() < self.filling.until)

    @cached_property
    def plain(self):
        encoding, body = next(iter(self.bodies.items()))
        return DECOMPRESS[encoding](body)

    def find_body(self, encoding):
        """Return the body in an encoding. It is compressed well once it has proved to be in
        demand."""
        self.uses[encoding] += 1
        if self.uses[encoding] == IN_DEMAND:
            self.bodies[encoding] = COMPRESS[encoding](self.plain, WELL[encoding])
        elif encoding not in self.bodies:
            self.bodies.update(compress_once(self.plain, encoding))
        return self.bodies[encoding]

    def answer(self, environ, start_response, *, is_participant, extra=()):
        """Answer a GET or HEAD as a WSGI application does. A participant's browser asks for the
        page each time; no cache on the way keeps it for others."""
        policy = "private, no-cache" if is_participant else settings.PAGE_CACHE_CONTROL
        headers = [("Cache-Control", policy), ("ETag", self.etag), *extra]
        modified_at = ceil(self.modified_at)
        if modified_at <= time():  # in its first second a page may change again
            headers.append(("Last-Modified", http_date(modified_at)))
        if _is_known(environ, self.etag, modified_at):
            kept = [pair for pair in self.headers if pair[0].lower() not in OF_CONTENT]
            start_response("304 Not Modified", [*kept, *headers])
            return []
        encoding = find_encoding(environ)
        if encoding:
            headers.append(("Content-Encoding", encoding))
        body = self.find_body(encoding) if encoding else self.plain
        headers.append(("Content-Length", str(len(body))))
        start_response("200 OK", [*self.headers, *headers])
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]


def build_etag(content):
    return f'W/"{sha256(content).hexdigest()[:32]}"'


def compress_once(content, encoding):
    """Return {encoding: body}, quickly; in the first of our encodings if none is asked for."""
    encoding = encoding or ENCODINGS[0]
    return {encoding: COMPRESS[encoding](content, FAST[encoding])}


def _is_known(environ, etag, modified_at):
    """Return whether a client has the page already, by its ETag or else by its date (RFC 9110
    §13.2.2)."""
    if "HTTP_IF_NONE_MATCH" in environ:
        return _matches(environ["HTTP_IF_NONE_MATCH"], etag)
    since = environ.get("HTTP_IF_MODIFIED_SINCE")
    return bool(since) and modified_at <= (parse_http_date_safe(since) or 0)


def _matches(condition, etag):
    """Return whether If-None-Match names an ETag (RFC 9110 §13.1.2, the weak comparison)."""
    if not condition or condition == etag:
        return bool(condition)
    named = {tag.removeprefix("W/") for tag in parse_etags(condition)}
    return "*" in named or etag.removeprefix("W/") in named


def find_encoding(environ):
    """Return the encoding for the client of a request: ``br``, ``gzip`` or empty."""
    return choose_encoding(environ.get("HTTP_ACCEPT_ENCODING", ""))


@lru_cache(256)
def choose_encoding(accepted):
    """Return the encoding for a client by its Accept-Encoding: ``br``, ``gzip`` or empty."""
    weights = {}
    for part in accepted.lower().split(","):
        name, _separator, parameters = part.partition(";")
        weights[name.strip()] = _read_weight(parameters)
    best = max(ENCODINGS, key=lambda name: weights.get(name, 0))
    return best if weights.get(best) else ""


def _read_weight(parameters):
    """Return the ``q`` of an entry, 1 without one (RFC 9110 §12.4.2); 0 if it is no number."""
    name, _separator, value = parameters.partition("=")
    if not name.strip():
        return 1.0
    try:
        return float(value) if name.strip() == "q" else 1.0
    except ValueError:
        return 0.0
