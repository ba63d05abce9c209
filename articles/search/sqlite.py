"""The index in SQLite: an FTS5 table whose rowid is the key of the entry.

Its tokenizer ``ascii`` splits at ASCII spaces and signs only and lowers ASCII capitals only, so
our tokens, joined by spaces, stay unchanged.
"""

from django.db import connection

from articles.search.analysis import tokenize

TABLE = "articles_searchentry"
COLUMNS = ("rowid", "title", "body", "marks", "date")
WRITE = (
    f"INSERT OR REPLACE INTO {TABLE} (rowid, title, body, marks, date) VALUES (%s, %s, %s, %s, %s)"
)
REMOVE = f"DELETE FROM {TABLE} WHERE rowid = %s"
# Removing only marks what an entry held; this rewrites the index without it.
OPTIMIZE = f"INSERT INTO {TABLE} ({TABLE}) VALUES ('optimize')"
KEYS = f"SELECT rowid FROM {TABLE} WHERE rowid > %s AND rowid <= %s"
# A word in the title has ten times the weight of one in the body.
_RANK = f"-bm25({TABLE}, 10.0, 1.0, 0.0)"
_MATCHING = (
    f"SELECT rowid - %s FROM {TABLE} WHERE {TABLE} MATCH %s AND rowid >= %s AND rowid < %s "
    "ORDER BY rowid DESC LIMIT %s"
)
_SHARING = (
    f"SELECT %s, rowid FROM (SELECT rowid FROM {TABLE} WHERE {TABLE} MATCH %s "
    "AND rowid >= %s AND rowid < %s ORDER BY rowid DESC LIMIT %s)"
)
_MARK = "\ue000"  # no token of a text contains it
_LOT = (
    f"SELECT rowid, {_RANK} FROM {TABLE} WHERE {TABLE} MATCH %s "
    "AND rowid >= %s AND rowid < %s AND date >= %s AND date < %s ORDER BY rowid DESC LIMIT %s"
)


def build_row(entry):
    return [
        entry.key,
        " ".join(tokenize(entry.title)),
        " ".join(tokenize(entry.body)),
        " ".join(_MARK + mark for mark in entry.marks),
        entry.moment,
    ]


def find_lots(phrases, *, first, after, loosely, in_title, dates, within, size):
    """Yield lots of (key, rank), none of them cut. FTS5 reads the newest keys first.

    ``within`` is ignored: the caller stops as soon as it has enough.
    """
    match = _write_match(phrases, loosely=loosely, in_title=in_title)
    yield from _go_back(match, first=first, after=after, dates=dates, size=size)


def write_key_query(phrases, *, first, after, in_title, newest):
    """Return SQL for the ids of all matches, and its parameters."""
    match = _write_match(phrases, loosely=False, in_title=in_title)
    return _MATCHING, [first, match, first, after, newest]


def write_sharing(tokens, first, after, limit):
    """Return SQL for (index of a token, key) of the newest entries with each token, and its
    parameters."""
    params = []
    for index, token in enumerate(tokens):
        params += [index, f'{{title body}} : "{token}"', first, after, limit]
    return " UNION ALL ".join([_SHARING] * len(tokens)), params


def find_marked(marks, *, first, after, size):
    """Yield lots of the entries with any of the marks."""
    match = " OR ".join(f'"{_MARK}{mark}"' for mark in marks)
    dates = -(2**63), 2**63 - 1
    yield from _go_back(f"marks : ({match})", first=first, after=after, dates=dates, size=size)


def _go_back(match, *, first, after, dates, size):
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_LOT, [match, first, after, *dates, size])
            lot = cursor.fetchall()
        if lot:
            yield lot, False
        if len(lot) < size:
            return
        after = lot[-1][0]


def _write_match(phrases, *, loosely, in_title):
    match = (" OR " if loosely else " AND ").join(map(_write_phrase, phrases))
    return f"title : ({match})" if in_title else match


def _write_phrase(phrase):
    """Return a phrase in the syntax of FTS5. No token contains a quote."""
    return f'"{" ".join(phrase.tokens)}"{" *" if phrase.is_open else ""}'
