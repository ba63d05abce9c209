"""Whether a request was sent by a page of this site.

The anonymous endpoints ignore the session, so they need no CSRF token, which a cached page could
not carry. They check the origin instead (OWASP, "Verifying origin with standard headers").
"""

import re
from functools import wraps
from urllib.parse import urlsplit

from django.conf import settings
from django.views.decorators.csrf import csrf_exempt

PORTS = {"http": 80, "https": 443}
ROBOT = re.compile(
    r"bot|crawl|spider|slurp|fetch|preview|scan|monitor|headless|lighthouse|archive|facebookexternal"
    r"|curl|wget|python|java/|ruby|perl|okhttp|go-http|axios|node|http_?client",
    re.I,
)


def same_origin(refuse):
    """Decorate a view so that ``refuse(request)`` answers a POST from another site."""

    def decorate(view):
        @csrf_exempt
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if request.method == "POST" and not comes_from_site(request):
                return refuse(request)
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def comes_from_site(request):
    """Return whether a page of this site sent the request.

    ``Sec-Fetch-Site``, if present, must be ``same-origin``, and ``Origin``, if present, must be
    ours. Without both, the ``Referer`` must be ours. A request with the origin ``null``, or with
    none of the three headers, does not come from the site.
    """
    meta = request.META  # ``request.headers`` parses all of them first
    site, origin = meta.get("HTTP_SEC_FETCH_SITE"), meta.get("HTTP_ORIGIN")
    if site is not None and site != "same-origin":
        return False
    if origin is not None:
        return _is_ours(origin, request)
    if site is not None:
        return True
    return _is_ours(meta.get("HTTP_REFERER", ""), request)


def comes_from_robot(request):
    """Return whether the user agent is missing or names itself a robot."""
    agent = request.headers.get("User-Agent", "")
    return not agent or bool(ROBOT.search(agent))


def _is_ours(address, request):
    if address == settings.SITE_URL:
        return True
    ours = (f"{request.scheme}://{request.get_host()}", settings.SITE_URL)
    return _parse_origin(address) in {_parse_origin(each) for each in ours} - {None}


def _parse_origin(address):
    try:
        parts = urlsplit(address)
        if parts.scheme not in PORTS or not parts.hostname:
            return None
        return parts.scheme, parts.hostname, parts.port or PORTS[parts.scheme]
    except ValueError:
        return None
