"""Where a request of the anonymous endpoints must come from.

They ignore the session, so they need no CSRF token (the cached page could not carry one); what
they need is that the form stood on this site (OWASP's "verifying origin with standard headers").
"""

from functools import wraps
from urllib.parse import urlsplit

from django.conf import settings
from django.views.decorators.csrf import csrf_exempt

PORTS = {"http": 80, "https": 443}


def same_origin(refuse):
    """Decorate a view so that POSTs from elsewhere are answered by ``refuse(request)``."""

    def decorate(view):
        @csrf_exempt
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if request.method == "POST" and not comes_from_here(request):
                return refuse(request)
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def comes_from_here(request):
    """Whether the request was sent by a page of this site.

    ``Sec-Fetch-Site`` must be ``same-origin`` where it is present and any ``Origin`` must be
    ours; without both the ``Referer`` must be. ``null`` or nothing at all is refused.
    """
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    if site is not None and site != "same-origin":
        return False
    if origin is not None:
        return _is_ours(origin, request)
    if site is not None:
        return True
    return _is_ours(request.headers.get("Referer", ""), request)


def _is_ours(address, request):
    here = {_origin(f"{request.scheme}://{request.get_host()}"), _origin(settings.SITE_URL)}
    return _origin(address) in here - {None}


def _origin(address):
    try:
        parts = urlsplit(address)
        if parts.scheme not in PORTS or not parts.hostname:
            return None
        return parts.scheme, parts.hostname, parts.port or PORTS[parts.scheme]
    except ValueError:
        return None
