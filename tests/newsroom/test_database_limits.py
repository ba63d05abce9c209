"""Requests wait for the database for seconds only, commands as long as it takes."""

import os
import subprocess
import sys
from contextlib import closing

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from newsroom import database_limits
from newsroom.database_limits import ImpatientConnection, note_silence, wait_at_most
from tests.benchmarks import databases

SHOW = {
    "postgresql": "SELECT current_setting('statement_timeout'), current_setting('lock_timeout')",
    "sqlite": "PRAGMA busy_timeout",
}
CLOSED = "closed the connection"
ASK = """
import {module}
import django
django.setup()
from django.db import connection
cursor = connection.cursor()
cursor.execute({sql!r})
print(*cursor.fetchone())
"""


def ask(module):
    """Return the limits of a new process that has imported a module."""
    script = ASK.format(module=module, sql=SHOW[connection.vendor])
    url = databases.address_of(connection.settings_dict)
    environment = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "newsroom.settings"}
    command = [sys.executable, "-c", script]
    done = subprocess.run(
        command, env=environment, cwd=settings.BASE_DIR, capture_output=True, text=True, check=True
    )
    return done.stdout.split()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)  # the timers of that process write to the database
def test_a_process_that_answers_requests_has_limits():
    expected = {"postgresql": ["15s", "5s"], "sqlite": ["5000"]}
    assert ask("newsroom.asgi") == expected[connection.vendor]


@pytest.mark.django_db
def test_a_command_has_none():
    expected = {"postgresql": ["0", "0"], "sqlite": ["60000"]}
    assert ask("sys") == expected[connection.vendor]


@pytest.fixture(scope="module")
def watch():
    database_limits.start_watch()


@pytest.fixture
def impatient(watch):
    with closing(ImpatientConnection.connect(databases.address_of(connection.settings_dict))) as it:
        yield it


@pytest.mark.django_db
@pytest.mark.postgresql
class TestImpatientConnection:
    def test_it_closes_when_no_answer_comes(self, impatient, monkeypatch):
        monkeypatch.setattr(settings, "DATABASE_STATEMENT_SECONDS", 0.2)
        monkeypatch.setattr(database_limits, "GRACE", 0.1)
        with pytest.raises(psycopg.OperationalError, match=CLOSED) as refusal:
            impatient.execute("SELECT pg_sleep(0.9)")
        assert refusal.value.sqlstate is None  # so it counts as away
        assert impatient.closed

    def test_a_block_has_its_own_limit_for_all_statements(self, impatient):
        with (
            wait_at_most(0.3),
            pytest.raises(psycopg.OperationalError, match=CLOSED),
        ):
            for _ in range(100):
                impatient.execute("SELECT pg_sleep(0.1)")

    def test_a_hung_database_is_left_soon(self, impatient, monkeypatch):
        monkeypatch.setattr(database_limits, "GRACE", 0.2)
        monkeypatch.setitem(database_limits._silence, "until", 0.0)
        note_silence(1)
        with pytest.raises(psycopg.OperationalError, match=CLOSED):
            impatient.execute("SELECT pg_sleep(0.9)")

    def test_the_watch_outlives_an_unexpected_failure(self, impatient, monkeypatch, caplog):
        failures, cut = [RuntimeError()], database_limits._cut

        def fail_once(late):
            if failures:
                raise failures.pop()
            cut(late)

        monkeypatch.setattr(database_limits, "_cut", fail_once)
        monkeypatch.setattr(database_limits, "PAUSE", 0.1)
        with wait_at_most(0.2), pytest.raises(psycopg.OperationalError, match=CLOSED):
            impatient.execute("SELECT pg_sleep(3)")
        assert not failures
        assert [record.levelname for record in caplog.records] == ["ERROR"]

    def test_it_waits_for_an_answer(self, impatient):
        with wait_at_most(20):
            assert impatient.execute("SELECT pg_sleep(0.3), 7").fetchone()[1] == 7
