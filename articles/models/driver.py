"""SQL by the cursor of the database driver, one statement after the other or several at once.

Django's own cursor converts the SQL again at each call and passes through several layers, which
takes longer than SQLite does.
"""

import re
from contextlib import contextmanager
from functools import lru_cache

from django.db import DEFAULT_DB_ALIAS, connection, connections


def execute(sql, params):
    """Execute SQL as Django's cursor does; returns the cursor, to be read by ``fetch_all`` or
    closed. Django's own cursor is still used while somebody counts or watches the queries."""
    database = connections[DEFAULT_DB_ALIAS]
    if database.execute_wrappers or database.queries_logged:
        cursor = database.cursor()
        cursor.execute(sql, params)
        return cursor
    database.validate_thread_sharing()
    database.validate_no_broken_transaction()
    database.close_if_health_check_failed()
    database.ensure_connection()
    if database.vendor == "sqlite":
        sql = _mark_parameters(sql)
    with database.wrap_database_errors:
        return database.connection.execute(sql, params)


@lru_cache(maxsize=1_000)
def _mark_parameters(sql):
    """Return SQL with the placeholders of SQLite."""
    return re.sub(r"(?<!%)%s", "?", sql).replace("%%", "%")


def fetch_all(cursor):
    """Return all rows of a cursor, and close it."""
    with connections[DEFAULT_DB_ALIAS].wrap_database_errors:
        try:
            return cursor.fetchall()
        finally:
            cursor.close()


@contextmanager
def at_once():
    """Send the statements within to PostgreSQL without waiting for the answer to each (libpq's
    pipeline mode). The first one that reads an answer waits for all before it; an error of any is
    raised at the end at the latest."""
    if connection.vendor != "postgresql":
        yield
        return
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.pipeline():
        yield
