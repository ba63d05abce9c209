"""Connections of the pool: one that the server has closed reaches no request, and one that was used
a moment ago costs no question."""

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from django.db import connection

REQUESTS = 50  # more than the pool has connections
pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def read_pid(_number=0):
    """Return the number of the server's process behind a connection, as a request would."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            return cursor.fetchone()[0]
    finally:
        connection.close()


def end_others():
    """End every other connection to the database, as a restart of the server does."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def test_no_request_gets_a_connection_that_the_server_has_closed():
    with ThreadPoolExecutor(4) as threads:
        before = set(threads.map(read_pid, range(20)))
        end_others()
        after = set(threads.map(read_pid, range(20)))
    assert not before & after


def test_a_connection_in_use_is_not_asked_whether_it_lives(monkeypatch):
    monkeypatch.setattr("newsroom.postgresql.base.IDLE", 600)
    with ThreadPoolExecutor(1) as threads:
        for number in range(REQUESTS):
            threads.submit(read_pid, number).result()
    asked, execute = [], psycopg.Connection.execute
    monkeypatch.setattr(
        psycopg.Connection, "execute", lambda *given: asked.append(given[1]) or execute(*given)
    )
    with ThreadPoolExecutor(1) as threads:
        for number in range(REQUESTS):
            threads.submit(read_pid, number).result()
    assert len(asked) <= 1  # a connection that the pool has just opened


def test_an_idle_connection_is_asked(monkeypatch):
    monkeypatch.setattr("newsroom.postgresql.base.IDLE", 0)
    asked, execute = [], psycopg.Connection.execute
    monkeypatch.setattr(
        psycopg.Connection, "execute", lambda *given: asked.append(given[1]) or execute(*given)
    )
    with ThreadPoolExecutor(1) as threads:
        for number in range(REQUESTS):
            threads.submit(read_pid, number).result()
    assert "" in asked
