"""Sending messages to push services, whose addresses strangers name.

A message goes to https alone, to public addresses alone: the name of a host is looked up once, and
the connection goes to the address that was judged. Redirects are not followed.
"""

import http.client
import ipaddress
import socket
import ssl
from functools import partial
from time import monotonic
from urllib.parse import urlsplit

from articles.web.networks import is_public
from articles.web.timed_answers import TimedResponse

TIMEOUT, DEADLINE = 10, 30  # seconds without a byte, and for the whole answer
# Answers that another attempt does not change: the browser has ended its subscription, or made it
# for another key of ours, or no push service is there at all.
FINAL = set(range(400, 500)) - {408, 413, 429}


class NotDelivered(Exception):
    """A push service did not take a message; the message is the reason."""


class SubscriptionGone(NotDelivered):
    """The push service does not know the subscription, or refuses it for good."""


def check_endpoint(address):
    """Raise ``ValueError`` for an address that no push service has."""
    parts = urlsplit(address)
    is_plain = address.isascii() and address.isprintable() and " " not in address
    if parts.scheme != "https" or not is_plain or not parts.hostname:
        raise ValueError("not an https address")
    if parts.username is not None or parts.password is not None or parts.port == 0:
        raise ValueError("not the address of a push service")
    try:
        number = ipaddress.ip_address(parts.hostname)
    except ValueError:
        if "." not in parts.hostname:
            raise ValueError("not a public host") from None
        return
    if not is_public(number):
        raise ValueError("not a public address")


def build_context():
    return ssl.create_default_context()


def deliver(endpoint, body, headers):
    """Send a message. Raises ``NotDelivered`` or ``SubscriptionGone``."""
    try:
        check_endpoint(endpoint)
        status = _post(urlsplit(endpoint), body, headers)
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise NotDelivered(str(error)) from error
    if status in FINAL:
        raise SubscriptionGone(f"the push service answered {status}")
    if not 200 <= status < 300:
        raise NotDelivered(f"the push service answered {status}")


def _post(parts, body, headers):
    connection = _PinnedConnection(
        parts.hostname, parts.port or 443, timeout=TIMEOUT, context=build_context()
    )
    connection.response_class = partial(TimedResponse, until=monotonic() + DEADLINE)
    path = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
    try:
        connection.request("POST", path, body, headers)
        return connection.getresponse().status
    finally:
        connection.close()


class _PinnedConnection(http.client.HTTPSConnection):
    """A connection to the address that was judged, not to what the name means a moment later."""

    def connect(self):
        found = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)
        numbers = [row[4][0] for row in found]
        if not numbers or not all(is_public(ipaddress.ip_address(each)) for each in numbers):
            raise ValueError("not a public address")
        plain = socket.create_connection((numbers[0], self.port), self.timeout)
        self.sock = self._context.wrap_socket(plain, server_hostname=self.host)
