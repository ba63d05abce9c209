"""SQL by the cursor of the database driver, one statement after the other or several at once.

Django's own cursor converts the SQL again at each call and passes through several layers, which
takes longer than SQLite does.
"""

import re
from asyncio import _get_running_loop  # None instead of an exception, which would cost more
from contextlib import contextmanager, suppress
from functools import lru_cache
from itertools import count
from threading import local

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from psycopg import RawCursor

from articles.pipelining import keep

PLACEHOLDER = re.compile(r"(?<!%)%s")


class _Own(local):
    """What belongs to a thread: its connection, and the statements that ``as_one`` collects."""

    database = statements = None


_own = _Own()


def get_database():
    """Return Django's connection of this thread. Its ``connection`` looks for it at each use,
    fifty times in a post. While an event loop runs, each task has a connection of its own."""
    if _get_running_loop() is not None:
        return connections[DEFAULT_DB_ALIAS]
    if _own.database is None:
        _own.database = connections[DEFAULT_DB_ALIAS]
    return _own.database


def execute(sql, params):
    """Execute SQL as Django's cursor does; returns the cursor, to be read by ``fetch_all`` or
    closed. Django's own cursor is still used while somebody counts or watches the queries."""
    database = get_database()
    if database.execute_wrappers or database.queries_logged:
        cursor = database.cursor()
        cursor.execute(sql, params)
        return cursor
    database.validate_thread_sharing()
    database.validate_no_broken_transaction()
    database.close_if_health_check_failed()
    database.ensure_connection()
    with database.wrap_database_errors:
        if database.vendor == "sqlite":
            return database.connection.execute(_mark_parameters(sql), params)
        return PatientCursor(database.connection).execute(_number_parameters(sql), params)


@lru_cache(maxsize=1_000)
def _mark_parameters(sql):
    """Return SQL with the placeholders of SQLite."""
    return PLACEHOLDER.sub("?", sql).replace("%%", "%")


@lru_cache(maxsize=1_000)
def _number_parameters(sql):
    """Return SQL with the placeholders of PostgreSQL. psycopg would replace them again at each
    call if there are many."""
    numbers = count(1)
    sql = PLACEHOLDER.sub(lambda found: f"${next(numbers)}", sql)
    return sql.replace("%%", "%").encode()


class PatientCursor(RawCursor):
    """A cursor that keeps the statements of a pipeline until somebody reads an answer. psycopg
    sends each at once, by two calls of the system."""

    def execute(self, query, params=None):
        if not self._conn._pipeline or not self._conn.autocommit:  # psycopg itself would begin
            return super().execute(query, params)
        keep(self._execute_gen(query, params))
        return self

    def _execute_gen(self, query, params=None, *, prepare=None, binary=None):
        if not self._conn._pipeline:
            yield from super()._execute_gen(query, params, prepare=prepare, binary=binary)
            return
        yield from self._start_query(query)
        converted = self._convert_query(query, params)
        yield from self._maybe_prepare_gen(converted, prepare=prepare, binary=binary)
        self._last_query = query
        yield from self._conn._prepared.maintain_gen(self._conn)

    def _fetch_pipeline(self):
        if self._conn._pipeline and not self.pgresult:
            _hand_over(self._conn._pipeline)
        super()._fetch_pipeline()


def _hand_over(pipeline):
    """Give what a pipeline has collected to libpq, which sends it with the next flush."""
    while pipeline.command_queue:
        pipeline.command_queue.popleft()()


def fetch_all(cursor):
    """Return all rows of a cursor, and close it."""
    with get_database().wrap_database_errors:
        try:
            return cursor.fetchall()
        finally:
            cursor.close()


@contextmanager
def at_once():
    """Send the statements within to PostgreSQL without waiting for the answer to each (libpq's
    pipeline mode). The first one that reads an answer waits for all before it; an error of any is
    raised at the end at the latest. A COMMIT behind that error was not executed."""
    database = get_database()
    if database.vendor != "postgresql":
        yield
        return
    database.ensure_connection()
    try:
        with database.wrap_database_errors, database.connection.pipeline() as pipeline:
            yield
            _hand_over(pipeline)
    except DatabaseError:
        if not database.in_atomic_block:
            with suppress(DatabaseError):  # the first error says more
                database.rollback()
        raise


def write(sql, params):
    """Execute a statement whose answer nobody reads, or collect it for ``as_one``."""
    if _own.statements is None:
        execute(sql, params).close()
    else:
        _own.statements.append((sql, params))


@contextmanager
def as_one():
    """Let PostgreSQL execute what is written within as one statement, which costs far less than
    several. It is sent at the end, or when the function that is yielded is called.

    The parts see nothing of each other, so no two of them may change the same row.
    """
    if get_database().vendor != "postgresql":
        yield lambda: None
        return
    statements = _own.statements = []

    def send():
        if statements:
            sql = _join(tuple(sql for sql, _params in statements))
            execute(sql, [param for _sql, params in statements for param in params]).close()
            statements.clear()

    try:
        yield send
    finally:
        _own.statements = None
    send()


@lru_cache(maxsize=100)
def _join(statements):
    """Return one statement with others as its CTEs."""
    *others, last = statements
    parts = ", ".join(f"part_{number} AS ({sql})" for number, sql in enumerate(others))
    return f"WITH {parts} {last}" if parts else last
