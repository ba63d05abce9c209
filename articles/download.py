"""Fetches files over HTTP, with limits, and only from public addresses."""

import http.client
import re
import socket
import time
import urllib.error
import urllib.request
from contextlib import suppress
from email.message import Message
from functools import partial
from typing import NamedTuple
from urllib.parse import quote, urlencode, urlsplit, urlunsplit

from django.utils.translation import gettext as _

from articles.web.networks import is_public, parse_address
from articles.web.timed_answers import TimedResponse, find_time_left

TIMEOUT = 20  # seconds without a byte
DEADLINE = 120  # seconds for one file
CHUNK = 1 << 16
PAUSE = 0.5  # seconds before the second attempt, twice that before the third
TRANSIENT = {408, 425, 429, 500, 502, 503, 504}
PART = re.compile(r"bytes (\d{1,15})-\d{1,15}/(\d{1,15}|\*)")


class FileRefused(Exception):
    """A file was not fetched; the message is the reason."""


class AnswerRefused(FileRefused):
    """The server answered with an error: its number, its headers and how its text begins."""

    def __init__(self, error):
        super().__init__(_("the server answered %d") % error.code)
        self.code, self.headers, self.content = error.code, error.headers, b""
        with suppress(OSError, http.client.HTTPException, ValueError):
            self.content = error.read(CHUNK)


def fetch_file(url, *, limit, private_hosts=(), deadline=None, attempts=1):
    """Return the bytes at an http or https address.

    Addresses of private networks are refused, after redirects too, unless the host is one of
    ``private_hosts``. A transfer that breaks off goes on where it broke, up to ``attempts``
    times in all. Raises ``FileRefused`` for a file that is larger than ``limit``, that takes
    longer than ``deadline`` (seconds), or that the server does not deliver whole.
    """
    try:
        transfer = Transfer(_encode_url(url), limit, deadline)
    except ValueError as error:
        raise FileRefused(str(error)) from error
    opener = _build_opener(frozenset(private_hosts), transfer.until)
    for attempt in range(1, attempts + 1):
        try:
            if transfer.go_on(opener):
                return bytes(transfer.content)
        except urllib.error.HTTPError as error:
            if error.code not in TRANSIENT or attempt == attempts:
                raise FileRefused(_("the server answered %d") % error.code) from error
        except FileRefused:
            raise
        except (OSError, http.client.HTTPException, ValueError) as error:
            if attempt == attempts:
                raise FileRefused(str(getattr(error, "reason", error))) from error
        if attempt < attempts:
            time.sleep(PAUSE * attempt)
    raise transfer.refuse_as_cut()


class Answer(NamedTuple):
    """What a server answered: the address after redirects, the headers, the bytes."""

    address: str
    headers: Message
    content: bytes


def fetch_answer(url, *, limit, private_hosts=(), deadline=None, form=None, authorization=""):
    """Return the ``Answer`` at an address under the limits of ``fetch_file``; ``form``: sent by
    POST. ``authorization`` is a header that no redirect takes along. Raises ``AnswerRefused`` for
    an error that the server answers."""
    try:
        transfer = Transfer(_encode_url(url), limit, deadline)
        request = urllib.request.Request(transfer.url, urlencode(form).encode() if form else None)
        if authorization:
            request.add_unredirected_header("Authorization", authorization)
        opener = _build_opener(frozenset(private_hosts), transfer.until)
        with opener.open(request, timeout=TIMEOUT) as response:
            transfer.read(response)
            return Answer(response.url, response.headers, bytes(transfer.content))
    except urllib.error.HTTPError as error:
        raise AnswerRefused(error) from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise FileRefused(str(getattr(error, "reason", error))) from error


class Transfer:
    """A file that arrives in one answer, or in several if they break off."""

    def __init__(self, url, limit, deadline):
        self.content = bytearray()
        self.url = url
        self._limit = limit
        self.until = time.monotonic() + (DEADLINE if deadline is None else deadline)
        self._total = None
        self._tag = ""

    def go_on(self, opener):
        """Ask for what is missing; returns whether the file is whole now."""
        request = urllib.request.Request(self.url)
        if self.content:
            request.add_header("Range", f"bytes={len(self.content)}-")
            if self._tag:
                request.add_header("If-Range", self._tag)
        with opener.open(request, timeout=TIMEOUT) as response:
            self._begin(response)
            self.read(response)
        return self._total is None or len(self.content) == self._total

    def refuse_as_cut(self):
        sizes = {"done": len(self.content), "total": self._total or 0}
        return FileRefused(_("the transfer broke off after %(done)d of %(total)d bytes") % sizes)

    def _begin(self, response):
        """Read the length of the file; an answer with all of it replaces what is here."""
        headers = response.headers
        place = PART.fullmatch(headers.get("Content-Range", ""))
        if response.status == http.client.PARTIAL_CONTENT and place:
            if int(place[1]) == len(self.content):
                self._total = int(place[2]) if place[2] != "*" else self._total
                return
            self.content.clear()
            raise http.client.HTTPException("another part than the one asked for")
        self.content.clear()
        length = headers.get("Content-Length", "")
        is_plain = headers.get("Content-Encoding", "identity") == "identity"
        self._total = int(length) if length.isdecimal() and is_plain else None
        tag = headers.get("ETag", "")
        self._tag = tag if tag.startswith('"') else headers.get("Last-Modified", "")

    def read(self, response):
        while piece := response.read1(CHUNK):
            self.content += piece
            if len(self.content) > self._limit:
                raise FileRefused(_("larger than %d MB") % (self._limit >> 20))


def _encode_url(url):
    """Return an address with its host in IDNA and the rest percent-encoded."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise FileRefused(_("not an HTTP address"))
    host = parts.netloc if parts.netloc.isascii() else parts.netloc.encode("idna").decode()
    path = quote(parts.path, safe="/%:@!$&'()*+,;=~-._")
    query = quote(parts.query, safe="/%:@!$&'()*+,;=~-._?")
    return urlunsplit((parts.scheme, host, path, query, ""))


class PublicHandler(urllib.request.HTTPHandler, urllib.request.HTTPSHandler):
    """Connects to public addresses only, and to hosts that may have private ones, and reads until a
    moment of ``time.monotonic``."""

    def __init__(self, private_hosts, until):
        super().__init__()
        self._private_hosts, self._until = private_hosts, until

    def http_open(self, request):
        return self.do_open(partial(self._create, http.client.HTTPConnection), request)

    def https_open(self, request):
        return self.do_open(partial(self._create, http.client.HTTPSConnection), request)

    def _create(self, connection_class, host, **options):
        connection = connection_class(host, **options)
        connection._create_connection = self._connect
        connection.response_class = partial(TimedResponse, until=self._until)
        return connection

    def _connect(self, address, timeout, source_address=None):
        host, port = address
        last = None
        for *_info, place in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
            if host not in self._private_hosts and not is_public(parse_address(place[0])):
                raise FileRefused(_("%s is not a public address") % host)
            try:
                return socket.create_connection(
                    place[:2], min(timeout, find_time_left(self._until))
                )
            except OSError as error:
                last = error
        raise last or FileRefused(_("no IP address found for %s") % host)


class RedirectHandler(urllib.request.HTTPRedirectHandler):
    """Follows redirects without their bodies, which urllib reads whole, however large."""

    def http_error_302(self, request, response, *args):
        response.close()
        return super().http_error_302(request, response, *args)

    http_error_301 = http_error_303 = http_error_307 = http_error_308 = http_error_302


def _build_opener(private_hosts, until):
    """Return an opener for http and https alone, without proxies."""
    opener = urllib.request.OpenerDirector()
    opener.add_handler(PublicHandler(private_hosts, until))
    opener.add_handler(RedirectHandler())
    opener.add_handler(urllib.request.HTTPDefaultErrorHandler())
    opener.add_handler(urllib.request.HTTPErrorProcessor())
    opener.addheaders = [("User-Agent", "newsroom-import"), ("Accept-Encoding", "identity")]
    return opener
