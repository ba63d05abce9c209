"""The headers by which every response restricts browsers and other sites.

Django's middleware sends the same values, from the same settings. What never reaches it gets them
in ``newsroom.buffering``, which is outermost: files, probes, refused bodies, a failed application.
"""

from functools import lru_cache

from csp.utils import build_policy
from django.conf import settings

# Features that no page of this site uses, nor a page framed in one.
PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in (
        *("accelerometer", "browsing-topics", "camera", "display-capture", "geolocation"),
        *("gyroscope", "magnetometer", "microphone", "midi", "payment", "usb"),
    )
)
EMBEDDING = "same-origin"
HSTS = "strict-transport-security"


def add_missing(headers, *, is_secure):
    """Return the headers of a response, as pairs of lower-case bytes, with those that it lacks."""
    present = {name for name, _value in headers}
    return [*headers, *(pair for pair in build_headers(is_secure) if pair[0] not in present)]


@lru_cache(2)
def build_headers(is_secure):
    """Return what a response has unless it says otherwise. HSTS is for HTTPS only (RFC 6797)."""
    headers = {
        "content-security-policy": build_policy(),
        "cross-origin-opener-policy": settings.SECURE_CROSS_ORIGIN_OPENER_POLICY,
        "cross-origin-resource-policy": EMBEDDING,
        "permissions-policy": PERMISSIONS,
        "referrer-policy": settings.SECURE_REFERRER_POLICY,
        "x-content-type-options": "nosniff",
        "x-frame-options": settings.X_FRAME_OPTIONS,
    }
    if is_secure and settings.SECURE_HSTS_SECONDS:
        headers[HSTS] = build_hsts()
    return [(name.encode(), value.encode()) for name, value in headers.items()]


def build_hsts():
    choices = {
        "includeSubDomains": settings.SECURE_HSTS_INCLUDE_SUBDOMAINS,
        "preload": settings.SECURE_HSTS_PRELOAD,
    }
    chosen = [name for name, is_chosen in choices.items() if is_chosen]
    return "; ".join([f"max-age={settings.SECURE_HSTS_SECONDS}", *chosen])
