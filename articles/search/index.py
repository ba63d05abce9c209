"""The index: entries are written, removed and sought here, whichever database keeps them.

An entry's key holds its kind and the key of its thing, so that the things of one kind lie
together, the newest last.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from articles.search import postgresql, sqlite

ARTICLE = 1
KIND_BITS = 48  # of a key below its kind
LOT = 260  # matches that are handed out at once, at most
BATCH = 500


@dataclass(frozen=True, slots=True)
class Entry:
    """What is indexed of a thing. Words of the title weigh more."""

    kind: int
    object_id: int
    title: str
    body: str
    date: datetime

    @property
    def key(self):
        return build_key(self.kind, self.object_id)

    @property
    def moment(self):
        return int(self.date.timestamp())


def build_key(kind, object_id):
    """Return the key of an entry."""
    return (kind << KIND_BITS) + object_id


def write_entry(entry):
    """Write an entry, in the place of the one there may be. One statement, whose cost does not
    grow with the index."""
    with connection.cursor() as cursor:
        cursor.execute(_backend().WRITE, _backend().row(entry))


def write_entries(entries: Iterable[Entry]):
    """Write entries, some at a time."""
    batch = []
    for entry in entries:
        batch.append(_backend().row(entry))
        if len(batch) == BATCH:
            _write_rows(batch)
            batch = []
    _write_rows(batch)


def _write_rows(rows):
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(_backend().WRITE, rows)


def remove_entries(kind, object_ids):
    """Take the entries of some things out."""
    keys = [[build_key(kind, object_id)] for object_id in object_ids]
    if keys:
        with connection.cursor() as cursor:
            cursor.executemany(_backend().REMOVE, keys)


def list_ids(kind, *, after, until=None):
    """Return the keys of the things of a kind that have an entry, above one and up to another."""
    last = build_key(kind + 1, -1) if until is None else build_key(kind, until)
    with connection.cursor() as cursor:
        cursor.execute(_backend().KEYS, [build_key(kind, after), last])
        return [key - build_key(kind, 0) for (key,) in cursor.fetchall()]


def find_matches(query, kind, *, loosely=False, in_title=False, since=None, within=None):
    """Yield what a query finds among the things of a kind in lots, the newest keys first.

    A lot is a list of (key of the thing, how well it fits: more is better) and whether it was cut
    short: it has ``LOT`` members at most, and what has no room in it may never be told.
    ``loosely``: what holds any of ``query.loose_phrases``; ``in_title``: only where the title
    holds it all; ``since``: only what is dated then or later; ``within``: returns the
    keys of the only things that are asked for, or None where they are too many; asked where the
    index needs it.
    """
    phrases = query.loose_phrases if loosely else query.phrases
    if not phrases:
        return
    first = build_key(kind, 0)
    lots = _backend().lots(
        phrases,
        first=first,
        after=build_key(kind + 1, 0),
        loosely=loosely,
        in_title=in_title,
        since=int(since.timestamp()) if since else None,
        within=within,
        size=LOT,
    )
    for lot, is_cut in lots:
        yield [(key - first, fit) for key, fit in lot], is_cut


def _backend():
    return postgresql if connection.vendor == "postgresql" else sqlite
