"""What feeds say of the comments on articles. The comments know it, and feeds know no comments."""

from typing import NamedTuple

_DESCRIBERS = []


class ThreadNote(NamedTuple):
    """Where the comments on an article are, their feeds as RSS and Atom, and their number."""

    page: str
    rss: str
    atom: str
    count: int


def describes_threads(describe):
    """Decorate a function that returns {primary key: ``ThreadNote``} for a list of articles."""
    _DESCRIBERS.append(describe)
    return describe


def find_thread_notes(articles):
    """Return {primary key: ``ThreadNote``} of articles."""
    return {pk: note for describe in _DESCRIBERS for pk, note in describe(articles).items()}
