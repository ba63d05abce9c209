"""The index in SQLite: an FTS5 table whose rowid is the key of the entry.

Its tokenizer ``ascii`` splits at ASCII spaces and signs only and lowers ASCII capitals only, so
our tokens, joined by spaces, stay unchanged.
"""

from django.db import connection

from articles.search.analysis import tokenize

TABLE = "articles_searchentry"
WRITE = f"INSERT OR REPLACE INTO {TABLE} (rowid, title, body, date) VALUES (%s, %s, %s, %s)"
REMOVE = f"DELETE FROM {TABLE} WHERE rowid = %s"
KEYS = f"SELECT rowid FROM {TABLE} WHERE rowid > %s AND rowid <= %s"
# A word in the title has ten times the weight of one in the body.
_RANK = f"-bm25({TABLE}, 10.0, 1.0)"
_LOT = (
    f"SELECT rowid, {_RANK} FROM {TABLE} WHERE {TABLE} MATCH %s "
    "AND rowid >= %s AND rowid < %s AND date >= %s ORDER BY rowid DESC LIMIT %s"
)


def build_row(entry):
    return [
        entry.key,
        " ".join(tokenize(entry.title)),
        " ".join(tokenize(entry.body)),
        entry.moment,
    ]


def find_lots(phrases, *, first, after, loosely, in_title, since, within, size):
    """Yield lots of (key, rank), none of them cut. FTS5 reads the newest keys first.

    ``within`` is ignored: the caller stops as soon as it has enough.
    """
    match = (" OR " if loosely else " AND ").join(map(_write_phrase, phrases))
    if in_title:
        match = f"title : ({match})"
    since = -(2**63) if since is None else since
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_LOT, [match, first, after, since, size])
            lot = cursor.fetchall()
        if lot:
            yield lot, False
        if len(lot) < size:
            return
        after = lot[-1][0]


def _write_phrase(phrase):
    """Return a phrase in the syntax of FTS5. No token contains a quote."""
    return f'"{" ".join(phrase.tokens)}"{" *" if phrase.is_open else ""}'
