"""Fetches files over HTTP, with limits, and only from public addresses."""

import http.client
import ipaddress
import socket
import time
import urllib.error
import urllib.request
from functools import partial
from urllib.parse import quote, urlsplit, urlunsplit

from django.utils.translation import gettext as _

TIMEOUT = 20  # seconds without a byte
DEADLINE = 120  # seconds for one file
CHUNK = 1 << 16


class FileRefused(Exception):
    """A file was not fetched; the message is the reason."""


def fetch_file(url, *, limit, private_hosts=(), deadline=None):
    """Return the bytes at an http or https address.

    Addresses of private networks are refused, after redirects too, unless the host is one of
    ``private_hosts``. Raises ``FileRefused`` for a file that is larger than ``limit``, that takes
    longer than ``deadline`` (seconds), or that the server does not deliver.
    """
    until = time.monotonic() + (DEADLINE if deadline is None else deadline)
    try:
        request = _encode_url(url)
        with _build_opener(frozenset(private_hosts)).open(request, timeout=TIMEOUT) as response:
            return _read_body(response, limit, until)
    except urllib.error.HTTPError as error:
        raise FileRefused(_("the server answered %d") % error.code) from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise FileRefused(str(getattr(error, "reason", error))) from error


def _encode_url(url):
    """Return an address with its host in IDNA and the rest percent-encoded."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise FileRefused(_("not an HTTP address"))
    host = parts.netloc if parts.netloc.isascii() else parts.netloc.encode("idna").decode()
    path = quote(parts.path, safe="/%:@!$&'()*+,;=~-._")
    query = quote(parts.query, safe="/%:@!$&'()*+,;=~-._?")
    return urlunsplit((parts.scheme, host, path, query, ""))


def _is_public(address):
    ip = ipaddress.ip_address(address)
    return (getattr(ip, "ipv4_mapped", None) or ip).is_global


def _read_body(response, limit, until):
    pieces, size = [], 0
    while piece := response.read1(CHUNK):
        size += len(piece)
        if size > limit:
            raise FileRefused(_("larger than %d MB") % (limit >> 20))
        if time.monotonic() > until:
            raise FileRefused(_("too slow"))
        pieces.append(piece)
    return b"".join(pieces)


class PublicHandler(urllib.request.HTTPHandler, urllib.request.HTTPSHandler):
    """Connects to public addresses only, and to hosts that may have private ones."""

    def __init__(self, private_hosts):
        super().__init__()
        self._private_hosts = private_hosts

    def http_open(self, request):
        return self.do_open(partial(self._create, http.client.HTTPConnection), request)

    def https_open(self, request):
        return self.do_open(partial(self._create, http.client.HTTPSConnection), request)

    def _create(self, connection_class, host, **options):
        connection = connection_class(host, **options)
        connection._create_connection = self._connect
        return connection

    def _connect(self, address, timeout, source_address=None):
        host, port = address
        last = None
        for *_info, place in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
            if host not in self._private_hosts and not _is_public(place[0]):
                raise FileRefused(_("%s is not a public address") % host)
            try:
                return socket.create_connection(place[:2], timeout)
            except OSError as error:
                last = error
        raise last or FileRefused(_("no IP address found for %s") % host)


def _build_opener(private_hosts):
    """Return an opener for http and https alone, without proxies."""
    opener = urllib.request.OpenerDirector()
    opener.add_handler(PublicHandler(private_hosts))
    opener.add_handler(urllib.request.HTTPRedirectHandler())
    opener.add_handler(urllib.request.HTTPDefaultErrorHandler())
    opener.add_handler(urllib.request.HTTPErrorProcessor())
    opener.addheaders = [("User-Agent", "newsroom-import"), ("Accept-Encoding", "identity")]
    return opener
