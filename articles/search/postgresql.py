"""The index in PostgreSQL: a table with a tsvector and a GIN index, without any extension.

Vectors and queries are built from our own tokens, so no text search configuration is involved. A
GIN index knows which entries contain all tokens of a query but not their positions; PostgreSQL
checks the order of the tokens in each of these entries. A frequent word would make that slow, so
each entry also has tokens for its period, and a search goes back from the newest period until it
has enough.
"""

from collections import defaultdict

from django.db import connection

from articles.search.analysis import tokenize

TABLE = "articles_searchentry"
COLUMNS = ("id", "date", "tokens")
WRITE = (
    f"INSERT INTO {TABLE} (id, date, tokens) VALUES (%s, %s, %s::tsvector) "
    "ON CONFLICT (id) DO UPDATE SET date = EXCLUDED.date, tokens = EXCLUDED.tokens"
)
REMOVE = f"DELETE FROM {TABLE} WHERE id = %s"
OPTIMIZE = ""  # a row that was removed is in no index
KEYS = f"SELECT id FROM {TABLE} WHERE id > %s AND id <= %s"
_NEWEST = f"SELECT max(id) FROM {TABLE} WHERE id >= %s AND id < %s"
# ``id + 0`` keeps PostgreSQL from scanning the primary key, which it underestimates for frequent
# words. Ranks are computed only for the returned entries.
_LOT = (
    "SELECT id, ts_rank(tokens, %s::tsquery, 1) FROM ("
    f"SELECT id, tokens FROM {TABLE} WHERE tokens @@ %s::tsquery "
    "AND id + 0 < %s AND date >= %s AND date < %s ORDER BY id + 0 DESC LIMIT %s) AS newest"
)
_MATCHING = f"SELECT id - %s FROM {TABLE} WHERE tokens @@ %s::tsquery ORDER BY id + 0 DESC LIMIT %s"
_WITHIN = (
    "SELECT id, ts_rank(tokens, %s::tsquery, 1) FROM ("
    f"SELECT id, tokens FROM {TABLE} WHERE id = ANY(%s) AND tokens @@ %s::tsquery "
    "AND date >= %s AND date < %s ORDER BY id DESC LIMIT %s) AS newest"
)
_SHARING = (
    f"SELECT %s, id FROM (SELECT id FROM {TABLE} WHERE tokens @@ %s::tsquery LIMIT %s) AS sharing"
)

MOST_BYTES = 900_000  # of a vector; the limit of PostgreSQL is a mebibyte
MOST_POSITIONS = 255  # of one token
LAST_POSITION = 16_000  # then the count starts again; PostgreSQL stops at 16,383
GAP = 10  # positions between title and body
# The lengths of the periods: how many keys share a token, as powers of two.
WIDTHS = (10, 13, 16)


def build_row(entry):
    return [entry.key, entry.moment, build_vector(entry)]


def build_vector(entry):
    """Return the tokens of an entry with their positions in the syntax of tsvector."""
    title = tokenize(entry.title)
    positions, size = defaultdict(list), 0
    for position, token in enumerate(title, 1):
        positions[token].append(f"{position % LAST_POSITION + 1}A")
    for position, token in enumerate(tokenize(entry.body), len(title) + GAP):
        size += len(token.encode()) + 8
        if size > MOST_BYTES:
            break
        positions[token].append(str(position % LAST_POSITION + 1))
    parts = [
        f"{_quote(token)}:{','.join(numbers[:MOST_POSITIONS])}"
        for token, numbers in positions.items()
    ]
    marks = map(_build_mark_token, entry.marks)
    return " ".join([*parts, *map(_quote, [*_build_period_tokens(entry.key), *marks])])


def find_lots(phrases, *, first, after, loosely, in_title, dates, within, size):
    """Yield lots of (key, rank), and whether each is cut.

    The first lot comes from the newest one or two thousand entries, the next from eight times as
    many before them, then eight times as many again, and the last from all others. With
    ``within`` there is one lot.
    """
    query = _write_query(phrases, loosely=loosely, in_title=in_title)
    object_ids = within and within()
    if object_ids is not None:
        keys = [first + object_id for object_id in object_ids if first + object_id < after]
        with connection.cursor() as cursor:
            cursor.execute(_WITHIN, [query, keys, query, *dates, size])
            lot = cursor.fetchall()
        yield lot, len(lot) == size
        return
    yield from _go_back(query, first=first, after=after, dates=dates, size=size)


def write_key_query(phrases, *, first, after, in_title, newest):
    """Return SQL for the ids of all matches, and its parameters."""
    query = _write_query(phrases, loosely=False, in_title=in_title)
    return _MATCHING, [first, f"({query}) & {_quote(_build_kind_token(first))}", newest]


def write_sharing(tokens, first, after, limit):
    """Return SQL for (index of a token, key) of entries with each token, and its parameters."""
    kind, params = _quote(_build_kind_token(first)), []
    for index, token in enumerate(tokens):
        params += [index, f"{_quote(token)} & {kind}", limit]
    return " UNION ALL ".join([_SHARING] * len(tokens)), params


def find_marked(marks, *, first, after, size):
    """Yield lots of the entries with any of the marks."""
    query = " | ".join(_quote(_build_mark_token(mark)) for mark in marks)
    dates = -(2**63), 2**63 - 1
    yield from _go_back(query, first=first, after=after, dates=dates, size=size)


def _go_back(query, *, first, after, dates, size):
    """Yield lots of the entries of a query, the newest period first."""
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST, [first, after])
        [newest] = cursor.fetchone()
    if newest is None:
        return
    count, expected_count = 0, None
    for index, (period, oldest) in enumerate(_split_periods(newest, first)):
        if expected_count is not None and expected_count < size:  # the rest fits into one lot
            period, oldest = _quote(_build_kind_token(newest)), first
        with connection.cursor() as cursor:
            cursor.execute(_LOT, [query, f"({query}) & ({period})", after, *dates, size])
            lot = cursor.fetchall()
        if lot:
            yield lot, len(lot) == size
        if oldest <= first:
            return
        count += len(lot)
        if index and count < size:
            expected_count = count * (newest - first) / (newest - oldest)
        after = oldest


def _split_periods(newest, first):
    """Yield (query for a period, its first key), the newest period first."""
    for width in WIDTHS:
        last = newest >> width
        oldest = (last - 1) << width
        if oldest <= first:
            break
        tokens = _build_period_token(newest, width), _build_period_token(oldest, width)
        yield " | ".join(map(_quote, tokens)), oldest
    yield _quote(_build_kind_token(newest)), first


def _build_period_tokens(key):
    return [_build_kind_token(key), *(_build_period_token(key, width) for width in WIDTHS)]


def _build_period_token(key, width):
    """Return the token of a period. No token of a text contains an underscore."""
    return f"_{width}_{key >> width}"


def _build_mark_token(mark):
    return f"_m_{mark}"


def _build_kind_token(key):
    return _build_period_token(key, 48)


def _write_query(phrases, *, loosely, in_title):
    return (" | " if loosely else " & ").join(_write_phrase(phrase, in_title) for phrase in phrases)


def _write_phrase(phrase, in_title):
    """Return a phrase in the syntax of tsquery. No token contains a quote or a backslash."""
    *others, last = map(_quote, phrase.tokens)
    weight = "A" if in_title else ""
    others = [f"{token}:A" if in_title else token for token in others]
    marks = f"{'*' if phrase.is_open else ''}{weight}"
    return f"({' <-> '.join([*others, f'{last}:{marks}' if marks else last])})"


def _quote(token):
    return f"'{token}'"
