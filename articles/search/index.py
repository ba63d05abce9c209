"""The search index: its entries are written, removed and searched here, on both databases.

The key of an entry combines the kind and the id of its object, so the entries of a kind are
adjacent, the newest last.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.db import connection

from articles.search import postgresql, sqlite

ARTICLE = 1
KIND_BITS = 48  # the lower bits of a key, which hold the id
LOT = 260  # matches in a lot, at most
BATCH = 500
EVERY = 2**62  # no limit


@dataclass(frozen=True, slots=True)
class Entry:
    """The indexed texts of an object. Words of the title have more weight.

    ``marks`` are short ASCII words by which ``find_marked`` finds the object, no query of words.
    """

    kind: int
    object_id: int
    title: str
    body: str
    date: datetime
    marks: tuple[str, ...] = ()

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
    """Write or replace an entry, with one statement whose cost does not grow with the index."""
    with connection.cursor() as cursor:
        cursor.execute(*build_statement(entry))


def build_statement(entry):
    """Return the SQL that writes or replaces an entry, and its parameters."""
    return _backend().WRITE, _backend().build_row(entry)


def write_entries(entries: Iterable[Entry]):
    """Write or replace entries in batches."""
    rows = map(_backend().build_row, entries)
    while batch := list(islice(rows, BATCH)):
        with connection.cursor() as cursor:
            cursor.executemany(_backend().WRITE, batch)


def describe_rows(entries: Iterable[Entry]):
    """Return the table of the index, its columns, and the rows of new entries: for inserting
    millions at once."""
    return _backend().TABLE, _backend().COLUMNS, map(_backend().build_row, entries)


def remove_entries(kind, object_ids):
    """Remove the entries of some objects."""
    keys = [[build_key(kind, object_id)] for object_id in object_ids]
    if keys:
        with connection.cursor() as cursor:
            cursor.executemany(_backend().REMOVE, keys)


def optimize_index():
    """Rewrite the index without the words of what was removed from it or changed. Its size decides
    how long that takes: for commands, not for requests."""
    if _backend().OPTIMIZE:
        with connection.cursor() as cursor:
            cursor.execute(_backend().OPTIMIZE)


def list_ids(kind, *, after, until=None):
    """Return the ids of the indexed objects of a kind, above ``after`` and up to ``until``."""
    last = build_key(kind + 1, -1) if until is None else build_key(kind, until)
    with connection.cursor() as cursor:
        cursor.execute(_backend().KEYS, [build_key(kind, after), last])
        return [key - build_key(kind, 0) for (key,) in cursor.fetchall()]


def find_matches(
    query,
    kind,
    *,
    loosely=False,
    in_title=False,
    since=None,
    until=None,
    before=None,
    within=None,
):
    """Yield the matches of a query among the objects of a kind in lots, the newest ids first.

    A lot is a list of (object id, rank) with up to ``LOT`` members, and whether it was cut there;
    the rest of a cut lot is never yielded. ``loosely`` finds entries with any of
    ``query.loose_phrases``, ``in_title`` only those whose title contains all phrases, ``since``
    only those with that date or a later one, ``until`` only earlier ones, ``before`` only those
    with a lower id. ``within()`` returns the ids to search in, or None if they are too many; an
    index that is faster without it does not call it.
    """
    phrases = query.loose_phrases if loosely else query.phrases
    if not phrases:
        return
    first = build_key(kind, 0)
    lots = _backend().find_lots(
        phrases,
        first=first,
        after=build_key(kind + 1, 0) if before is None else build_key(kind, before),
        loosely=loosely,
        in_title=in_title,
        dates=_read_dates(since, until),
        within=within,
        size=LOT,
    )
    for lot, is_cut in lots:
        yield [(key - first, rank) for key, rank in lot], is_cut


def write_key_query(query, kind, *, in_title=False, newest=None):
    """Return SQL, and its parameters, for the ids of the objects of a kind that match a query with
    phrases: for use in a larger statement. ``newest`` limits them to so many, the highest ids."""
    first, after = build_key(kind, 0), build_key(kind + 1, 0)
    return _backend().write_key_query(
        query.phrases, first=first, after=after, in_title=in_title, newest=newest or EVERY
    )


def list_matching_ids(query, kind, *, newest=None):
    """Return the ids of the objects of a kind that match a query with phrases, as above."""
    with connection.cursor() as cursor:
        cursor.execute(*write_key_query(query, kind, newest=newest))
        return [object_id for (object_id,) in cursor.fetchall()]


def find_marked(marks, kind, *, before=None):
    """Yield lots of the objects that share a mark, as ``find_matches`` does."""
    if not marks:
        return
    first = build_key(kind, 0)
    after = build_key(kind + 1, 0) if before is None else build_key(kind, before)
    for lot, is_cut in _backend().find_marked(marks, first=first, after=after, size=LOT):
        yield [(key - first, rank) for key, rank in lot], is_cut


def list_sharing(tokens, kind, limit):
    """Return {token: ids of objects of a kind that have it}, of each token at most so many; tokens
    that no object has are left out. One statement."""
    if not tokens:
        return {}
    first, found = build_key(kind, 0), {}
    with connection.cursor() as cursor:
        cursor.execute(*_backend().write_sharing(tokens, first, build_key(kind + 1, 0), limit))
        for index, key in cursor.fetchall():
            found.setdefault(tokens[index], []).append(key - first)
    return found


def _read_dates(since, until):
    """Return the first date in seconds, and the first one that is too late."""
    return (
        int(since.timestamp()) if since else -(2**63),
        int(until.timestamp()) if until else 2**63 - 1,
    )


def _backend():
    return postgresql if connection.vendor == "postgresql" else sqlite
