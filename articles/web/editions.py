"""The edition of the site, for the keys of what is cached by it.

``newsroom`` counts the editions: each change of published content raises the number. The page cache
reads it before a page is rendered. Each thread has the edition of its own page: a page of a new
edition shows nothing from the cache of an older one.
"""

from dataclasses import dataclass, field
from threading import local
from time import time

MOST = 8_000  # parts of an edition: rows of articles and their HTML

_noted = local()


def note_edition(number):
    """Remember the edition of the page that this thread renders; None: its content is in no
    edition."""
    _noted.edition = number


def build_edition_key(name):
    """Return the cache key of something that every new edition changes."""
    return f"{name}:{getattr(_noted, 'edition', None)}"


@dataclass(frozen=True, slots=True)
class Parts:
    """What the pages of an edition share in this process, by name. ``until``: when it changes by
    itself, in Unix time."""

    edition: int | None
    until: float
    shared: dict = field(default_factory=dict)

    def is_of(self, edition):
        return edition is not None and self.edition == edition and time() < self.until


_newest = [Parts(None, 0.0)]  # of this process


def open_parts(find_end):
    """Return the ``Parts`` of the edition that this thread renders, which are empty in each new
    edition, and after ``find_end()``, a time. Without an edition nothing is shared."""
    edition, parts = getattr(_noted, "edition", None), _newest[0]
    if parts.is_of(edition) and len(parts.shared) < MOST:
        return parts
    parts = Parts(edition, find_end())  # the end first: it may come while content is read
    if edition is not None:
        _newest[0] = parts
    return parts
