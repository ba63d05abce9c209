"""The identity of the database: a part of every cache key, and of the version of every page.

The number of the edition starts at a random place, with room for a counter: its upper bits name
the database, and ``restore`` draws new ones. So the version that is read for every page names the
database too, and no page pays a query for it. A running process learns a new identity with the
next version that it reads, ``settings.PAGE_VERSION_SECONDS`` later at most. Nothing has to be
cleared: nobody asks for the keys of the old identity any more, in Redis and in each process.
"""

from contextlib import suppress
from functools import lru_cache
from hashlib import sha256
from secrets import randbits

from django.conf import settings
from django.db import Error

from articles.web import editions
from newsroom.models import Edition

IDENTITY_BITS, COUNTER_BITS = 38, 24
# The settings that pages and their headers show, beside those in the prefix.
SHAPING = (
    *("SITE_NAME", "TIME_ZONE", "MEDIA_URL", "STATIC_URL", "STORAGES"),
    *("COMMENT_CLOSE_AFTER_DAYS", "COMMENT_DOWN_VOTES", "COMMENT_LIMITS", "COMMENT_RULES"),
    *("SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_HSTS_PRELOAD"),
    "CONTENT_SECURITY_POLICY",
)
EMPTY = 0  # of a database without an edition, which has nothing to show

_known = {}  # of this process


def draw_edition():
    """Return the first number of the editions of a database that has a new identity."""
    return (1 + randbits(IDENTITY_BITS - 1)) << COUNTER_BITS


def read_identity(edition):
    """Return the identity of the database that an edition belongs to."""
    return (edition or EMPTY) >> COUNTER_BITS


def note_edition(edition):
    """Remember the identity of the database from an edition that was just read."""
    _known["identity"] = read_identity(edition)
    editions.note_edition(edition)


def identify_database():
    """Return the last known identity. Only the first call in a process may query."""
    if "identity" not in _known:
        with suppress(Error):  # the database is away, or has no tables yet
            note_edition(Edition.objects.values_list("number", flat=True).first())
    return _known.get("identity", EMPTY)


def build_cache_key(key, prefix, version):
    """Build a key as ``settings.CACHES`` names it: site, release, language, settings, database,
    key."""
    return f"{prefix}:{_digest_settings()}:{identify_database():x}:{version}:{key}"


@lru_cache(1)
def _digest_settings():
    """Return a hash of the settings that shape pages."""
    values = [getattr(settings, name) for name in SHAPING]
    return sha256(repr(values).encode()).hexdigest()[:8]
