"""The edition of the site as this process knows it, for the keys of what is cached by it.

``newsroom`` counts the editions: each change of published content raises the number. The page cache
reads it before a page is rendered.
"""

_known = None


def note_edition(number):
    """Remember the edition that was just read."""
    global _known
    _known = number


def build_edition_key(name):
    """Return the cache key of something that every new edition changes."""
    return f"{name}:{_known}"
