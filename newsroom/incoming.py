"""The first middleware: it reads the proxies' headers and finds unreadable requests."""

import codecs
import re
from urllib.parse import urlsplit

from django.core.exceptions import BadRequest

from newsroom.proxies import resolve_forwarded

CHARSETS = {"utf-8", "ascii"}  # Django reads forms as UTF-8, of which ASCII is a part
MOST_DIGITS = 18
ORIGIN = re.compile(
    r"null|file://|(?i:[a-z][a-z0-9+.-]*://(\[[0-9a-f:.]+\]|[\w.~-]+)(:\d{1,5})?)", re.ASCII
)


class IncomingMiddleware:
    """Apply the proxies' headers, and set ``request.fault`` to the reason why a request is
    unreadable. ``refuse_fault`` raises it later, where the response gets its headers."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        resolve_forwarded(request.META)
        request.fault = find_fault(request)
        if request.encoding:
            request.encoding = None  # the site's own, however the request names it
        return self.get_response(request)


def refuse_fault(request):
    """Raise BadRequest for a request that cannot be read."""
    if request.fault:
        raise BadRequest(request.fault)


def find_fault(request):
    """Return the reason why a request is unreadable, as a sentence, or None."""
    meta = request.META
    charset = request.content_params.get("charset")
    if charset and not _is_charset(charset):
        return "The charset is no encoding of texts"
    length = meta.get("CONTENT_LENGTH") or "0"
    if not (length.isascii() and length.isdigit() and len(length) <= MOST_DIGITS):
        return "The length is no number"
    origin = meta.get("HTTP_ORIGIN")
    if origin is not None and not _is_origin(origin):
        return "The origin is no address"
    return None


def _is_charset(name):
    try:
        return codecs.lookup(name).name in CHARSETS
    except (LookupError, ValueError):
        return False


def _is_origin(text):
    """Return whether a text is ``null`` or scheme, host and port (RFC 6454 §7)."""
    try:
        return bool(ORIGIN.fullmatch(text)) and urlsplit(text).port != 0
    except ValueError:
        return False
