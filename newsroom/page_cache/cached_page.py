"""A page in the cache, and the answer that a client gets of it."""

import gzip
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from hashlib import sha256
from math import inf
from time import time

import brotli
from django.conf import settings
from django.utils.http import parse_etags

from newsroom.site_identity import read_identity

HOT_RENDERINGS, HOT_SECONDS = 4, 2
BROTLI, GZIP = 5, 6  # levels: a page is compressed once for many readers
ENCODINGS = ("br", "gzip")  # the better first
# Headers that depend on the encoding, or that a page gets here.
OWN_HEADERS = {"cache-control", "content-length", "etag"}
OF_CONTENT = {"content-type", "content-language"}


@dataclass(frozen=True)
class CachedPage:
    """A response in the cache. ``starts`` are the times at which its rendering and earlier ones
    started, newest first. ``changes_at``: when its content changes by itself, as a measure ends.
    ``bodies`` are compressed, by the name of the encoding."""

    version: tuple
    starts: tuple
    is_hot: bool
    headers: tuple
    etag: str
    bodies: dict
    changes_at: float = inf

    @classmethod
    def build(cls, version, started_at, headers, content, *, changes_at=inf):
        """Return the page of a response."""
        return cls(
            version,
            (started_at,),
            False,
            tuple(pair for pair in headers if pair[0].lower() not in OWN_HEADERS),
            f'W/"{sha256(content).hexdigest()[:32]}"',
            {
                "br": brotli.compress(content, quality=BROTLI),
                "gzip": gzip.compress(content, GZIP, mtime=0),
            },
            changes_at,
        )

    def succeed(self, previous):
        """Return this page as the successor of another, which may be None."""
        starts = (*self.starts, *(previous.starts if previous else ()))[:HOT_RENDERINGS]
        is_hot = len(starts) == HOT_RENDERINGS and self.started_at - starts[-1] < HOT_SECONDS
        if previous and previous.is_hot:
            is_hot |= self.started_at - previous.started_at < HOT_SECONDS
        return replace(self, starts=starts, is_hot=is_hot)

    @property
    def started_at(self):
        return self.starts[0]

    @property
    def age(self):
        return time() - self.started_at

    @property
    def identity(self):
        """The identity of the database that the page was rendered from."""
        edition, _thread = self.version
        return read_identity(edition)

    def is_fresh(self, version):
        return self.age < settings.PAGE_CACHE_SECONDS and self.has_content_of(version)

    def has_content_of(self, version):
        return self.version == version and time() < self.changes_at

    @cached_property
    def plain(self):
        return gzip.decompress(self.bodies["gzip"])

    def answer(self, environ, start_response, *, is_participant, extra=()):
        """Answer a GET or HEAD as a WSGI application does. A participant's browser asks for the
        page each time; no cache on the way keeps it for others."""
        policy = "private, no-cache" if is_participant else settings.PAGE_CACHE_CONTROL
        headers = [("Cache-Control", policy), ("ETag", self.etag), *extra]
        if _matches(environ.get("HTTP_IF_NONE_MATCH"), self.etag):
            kept = [pair for pair in self.headers if pair[0].lower() not in OF_CONTENT]
            start_response("304 Not Modified", [*kept, *headers])
            return []
        encoding = choose_encoding(environ.get("HTTP_ACCEPT_ENCODING", ""))
        if encoding:
            headers.append(("Content-Encoding", encoding))
        body = self.bodies[encoding] if encoding else self.plain
        headers.append(("Content-Length", str(len(body))))
        start_response("200 OK", [*self.headers, *headers])
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]


def _matches(condition, etag):
    """Return whether If-None-Match names an ETag (RFC 9110 §13.1.2, the weak comparison)."""
    if not condition or condition == etag:
        return bool(condition)
    named = {tag.removeprefix("W/") for tag in parse_etags(condition)}
    return "*" in named or etag.removeprefix("W/") in named


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
