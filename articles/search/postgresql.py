"""The index in PostgreSQL: a table with a tsvector and a GIN index, without any extension.

Vectors and queries are written out of our own tokens, so no configuration of PostgreSQL reads the
texts. GIN knows which entries hold all tokens of a query, not where; whether they follow each
other is looked up in each. So that a word of which half the site speaks costs no more than a rare
one, every entry holds tokens for its place in time too, and a search goes backwards from the
newest entries until it has enough.
"""

from collections import defaultdict

from django.db import connection

from articles.search.analysis import tokens

TABLE = "articles_searchentry"
WRITE = (
    f"INSERT INTO {TABLE} (id, date, tokens) VALUES (%s, %s, %s::tsvector) "
    "ON CONFLICT (id) DO UPDATE SET date = EXCLUDED.date, tokens = EXCLUDED.tokens"
)
REMOVE = f"DELETE FROM {TABLE} WHERE id = %s"
KEYS = f"SELECT id FROM {TABLE} WHERE id > %s AND id <= %s"
_NEWEST = f"SELECT max(id) FROM {TABLE} WHERE id >= %s AND id < %s"
# The sums keep PostgreSQL from walking the primary key, which it thinks short where a query finds
# much, and from sorting by it. How well an entry fits is asked only of those that are told.
_LOT = (
    "SELECT id, ts_rank(tokens, %s::tsquery, 1) FROM ("
    f"SELECT id, tokens FROM {TABLE} WHERE tokens @@ %s::tsquery "
    "AND id + 0 < %s AND date >= %s ORDER BY id + 0 DESC LIMIT %s) AS newest"
)
_WITHIN = (
    "SELECT id, ts_rank(tokens, %s::tsquery, 1) FROM ("
    f"SELECT id, tokens FROM {TABLE} WHERE id = ANY(%s) AND tokens @@ %s::tsquery "
    "AND date >= %s ORDER BY id DESC LIMIT %s) AS newest"
)

MOST_BYTES = 900_000  # of a vector; PostgreSQL takes a mebibyte
MOST_PLACES = 255  # of one token
LAST_PLACE = 16_000  # PostgreSQL counts to 16,383; a longer text begins anew
BETWEEN = 10  # places between title and body
# How many keys share a token of their place in time, as powers of two.
WIDTHS = (10, 13, 16)


def row(entry):
    return [entry.key, entry.moment, vector(entry)]


def vector(entry):
    """Return the tokens of an entry with their places as PostgreSQL reads them."""
    title = tokens(entry.title)
    places, size = defaultdict(list), 0
    for place, token in enumerate(title, 1):
        places[token].append(f"{place % LAST_PLACE + 1}A")
    for place, token in enumerate(tokens(entry.body), len(title) + BETWEEN):
        size += len(token.encode()) + 8
        if size > MOST_BYTES:
            break
        places[token].append(str(place % LAST_PLACE + 1))
    parts = [f"'{token}':{','.join(at[:MOST_PLACES])}" for token, at in places.items()]
    return " ".join([*parts, *map(_quoted, _times(entry.key))])


def lots(phrases, *, first, after, loosely, in_title, since, within, size):
    """Yield lots of (key, fit), and whether each is cut: of the newest one or two thousand
    entries, of eight times as many before them, of eight times as many again, and of all others;
    or one lot of what is ``within``."""
    sought = (" | " if loosely else " & ").join(_sought(phrase, in_title) for phrase in phrases)
    since = -(2**63) if since is None else since
    only = within and within()
    if only is not None:
        keys = [first + object_id for object_id in only]
        with connection.cursor() as cursor:
            cursor.execute(_WITHIN, [sought, keys, sought, since, size])
            lot = cursor.fetchall()
        yield lot, len(lot) == size
        return
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST, [first, after])
        [newest] = cursor.fetchone()
    if newest is None:
        return
    told, expected = 0, None
    for span, (there, oldest) in enumerate(_spans(newest, first)):
        if expected is not None and expected < size:  # the rest has room in one lot
            there, oldest = _quoted(_kind(newest)), first
        with connection.cursor() as cursor:
            cursor.execute(_LOT, [sought, f"({sought}) & ({there})", after, since, size])
            lot = cursor.fetchall()
        if lot:
            yield lot, len(lot) == size
        if oldest <= first:
            return
        told += len(lot)
        if span and told < size:
            expected = told * (newest - first) / (newest - oldest)
        after = oldest


def _spans(newest, first):
    """Yield (the tokens of a span of time as a query, its first key), the newest span first."""
    for width in WIDTHS:
        last = newest >> width
        oldest = (last - 1) << width
        if oldest <= first:
            break
        yield f"{_quoted(_time(newest, width))} | {_quoted(_time(oldest, width))}", oldest
    yield _quoted(_kind(newest)), first


def _times(key):
    return [_kind(key), *(_time(key, width) for width in WIDTHS)]


def _time(key, width):
    """Return the token of a time. No token of a text holds a line."""
    return f"_{width}_{key >> width}"


def _kind(key):
    return _time(key, 48)


def _sought(phrase, in_title):
    """Write a phrase as PostgreSQL reads it. No token holds a quote or a backslash."""
    *others, last = map(_quoted, phrase.tokens)
    weight = "A" if in_title else ""
    others = [f"{token}:A" if in_title else token for token in others]
    marks = f"{'*' if phrase.is_open else ''}{weight}"
    return f"({' <-> '.join([*others, f'{last}:{marks}' if marks else last])})"


def _quoted(token):
    return f"'{token}'"
