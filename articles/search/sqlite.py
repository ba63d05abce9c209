"""The index in SQLite: a table of FTS5, whose rowid is the entry's key.

Its tokenizer ``ascii`` parts at ASCII's spaces and signs only and changes nothing but ASCII's
capitals, so tokens joined by spaces stay as they are.
"""

from django.db import connection

from articles.search.analysis import tokens

TABLE = "articles_searchentry"
WRITE = f"INSERT OR REPLACE INTO {TABLE} (rowid, title, body, date) VALUES (%s, %s, %s, %s)"
REMOVE = f"DELETE FROM {TABLE} WHERE rowid = %s"
KEYS = f"SELECT rowid FROM {TABLE} WHERE rowid > %s AND rowid <= %s"
# A title's words weigh ten times a body's.
_FIT = f"-bm25({TABLE}, 10.0, 1.0)"
_LOT = (
    f"SELECT rowid, {_FIT} FROM {TABLE} WHERE {TABLE} MATCH %s "
    "AND rowid >= %s AND rowid < %s AND date >= %s ORDER BY rowid DESC LIMIT %s"
)


def row(entry):
    return [entry.key, " ".join(tokens(entry.title)), " ".join(tokens(entry.body)), entry.moment]


def lots(phrases, *, first, after, loosely, in_title, since, within, size):
    """Yield lots of (key, fit) and that none is cut; FTS5 walks the newest keys first.

    ``within`` is not needed: whoever asks goes on until there is enough.
    """
    sought = (" OR " if loosely else " AND ").join(map(_sought, phrases))
    if in_title:
        sought = f"title : ({sought})"
    since = -(2**63) if since is None else since
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_LOT, [sought, first, after, since, size])
            lot = cursor.fetchall()
        if lot:
            yield lot, False
        if len(lot) < size:
            return
        after = lot[-1][0]


def _sought(phrase):
    """Write a phrase as FTS5 reads it: a string, whose words follow each other. No token holds a
    quote."""
    return f'"{" ".join(phrase.tokens)}"{" *" if phrase.is_open else ""}'
