"""Absolute addresses and ISO moments, for feeds, sitemaps, link cards and JSON-LD."""

from urllib.parse import urljoin

from django.conf import settings
from django.utils import timezone


def build_absolute_url(address):
    """Return an address with scheme and host: those of SITE_URL, never of the Host header.

    An address that has its own (a storage elsewhere) is returned as it is.
    """
    return urljoin(f"{settings.SITE_URL}/", address)


def format_moment(time):
    """Return a time as ISO 8601 with the offset of the site's time zone; "" for None."""
    return timezone.localtime(time).isoformat(timespec="seconds") if time else ""
