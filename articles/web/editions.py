"""The edition of the site, for the keys of what is cached by it.

``newsroom`` counts the editions: each change of published content raises the number. The page cache
reads it before a page is rendered. Each thread has the edition of its own page: a page of a new
edition shows nothing from the cache of an older one.
"""

from threading import local

_noted = local()


def note_edition(number):
    """Remember the edition of the page that this thread renders."""
    _noted.edition = number


def build_edition_key(name):
    """Return the cache key of something that every new edition changes."""
    return f"{name}:{getattr(_noted, 'edition', None)}"
