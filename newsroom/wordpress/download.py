"""Fetches the old site's files over HTTP, from public addresses only and within bounds."""

import http.client
import ipaddress
import socket
import time
import urllib.error
import urllib.request
from urllib.parse import quote, urlsplit, urlunsplit

from django.utils.translation import gettext as _

TIMEOUT = 20  # seconds without a byte
DEADLINE = 120  # seconds for one file
CHUNK = 1 << 16


class Refused(Exception):
    """The file is not fetched; the message says why."""


def fetch_file(url, *, limit, private_hosts=()):
    """Return the bytes at an http or https address.

    Addresses of private networks are refused, after redirects too, unless the host is one of
    ``private_hosts``. Raises ``Refused`` when the file cannot be had or is larger than ``limit``.
    """
    until = time.monotonic() + DEADLINE
    try:
        request = _ascii(url)
        with _opener(frozenset(private_hosts)).open(request, timeout=TIMEOUT) as response:
            return _body(response, limit, until)
    except urllib.error.HTTPError as error:
        raise Refused(_("the server answers %d") % error.code) from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Refused(str(getattr(error, "reason", error))) from error


def _ascii(url):
    """Return an address with its host in IDNA and the rest percent-encoded."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise Refused(_("no http address"))
    host = parts.netloc if parts.netloc.isascii() else parts.netloc.encode("idna").decode()
    path = quote(parts.path, safe="/%:@!$&'()*+,;=~-._")
    query = quote(parts.query, safe="/%:@!$&'()*+,;=~-._?")
    return urlunsplit((parts.scheme, host, path, query, ""))


def _is_public(address):
    ip = ipaddress.ip_address(address)
    return (getattr(ip, "ipv4_mapped", None) or ip).is_global


def _body(response, limit, until):
    pieces, size = [], 0
    while piece := response.read1(CHUNK):
        size += len(piece)
        if size > limit:
            raise Refused(_("larger than %d MB") % (limit >> 20))
        if time.monotonic() > until:
            raise Refused(_("too slow"))
        pieces.append(piece)
    return b"".join(pieces)


def _opener(private_hosts):
    """Return an opener that knows http and https and nothing else, and no proxy."""

    def connect(address, timeout, source_address=None):
        host, port = address
        last = None
        for family, kind, protocol, _name, place in socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM
        ):
            if host not in private_hosts and not _is_public(place[0]):
                raise Refused(_("%s is no public address") % host)
            connection = socket.socket(family, kind, protocol)
            try:
                connection.settimeout(timeout)
                connection.connect(place)
            except OSError as error:
                connection.close()
                last = error
            else:
                return connection
        raise last or Refused(_("%s has no address") % host)

    class Http(urllib.request.HTTPHandler):
        def http_open(self, request):
            return self.do_open(_connecting(http.client.HTTPConnection, connect), request)

    class Https(urllib.request.HTTPSHandler):
        def https_open(self, request):
            return self.do_open(_connecting(http.client.HTTPSConnection, connect), request)

    opener = urllib.request.OpenerDirector()
    for handler in (
        Http,
        Https,
        urllib.request.HTTPRedirectHandler,
        urllib.request.HTTPDefaultErrorHandler,
        urllib.request.HTTPErrorProcessor,
    ):
        opener.add_handler(handler())
    opener.addheaders = [("User-Agent", "newsroom-import"), ("Accept-Encoding", "identity")]
    return opener


def _connecting(connection_class, connect):
    """Return a maker of connections that look at the address before they go there."""

    def make(host, **options):
        connection = connection_class(host, **options)
        connection._create_connection = connect
        return connection

    return make
