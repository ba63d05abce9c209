"""What a timer of the server logs when the database fails it."""

import sqlite3

import psycopg
import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from articles.models import ArticleChange
from newsroom.change_timer import apply_due_changes
from tests import factories

TABLE = ArticleChange._meta.db_table
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def warnings(caplog):
    """Return a function that lets the timer run and returns the warnings."""

    def run():
        caplog.clear()
        caplog.set_level("INFO", "newsroom")
        apply_due_changes()
        assert caplog.records
        return [record for record in caplog.records if record.levelname != "INFO"]

    return run


@pytest.fixture
def missing():
    """The table of the changes is missing."""
    with connection.schema_editor() as editor:
        editor.alter_db_table(ArticleChange, TABLE, "elsewhere")
    yield
    with connection.schema_editor() as editor:
        editor.alter_db_table(ArticleChange, "elsewhere", TABLE)


def test_a_missing_table_is_a_warning_with_its_traceback(missing, warnings):
    [record] = warnings()
    assert TABLE in record.exc_text or TABLE in str(record.exc_info[1])


def test_a_database_that_is_being_migrated_is_no_warning(missing, warnings):
    last = MigrationRecorder.Migration.objects.filter(app="articles").latest("pk")
    last.delete()
    try:
        assert warnings() == []
    finally:
        last.save()


@pytest.fixture
def busy(monkeypatch):
    """Another program writes, or holds the table, and the timer does not wait long. A change is
    due, so that the timer writes."""
    article = factories.article()
    ArticleChange.objects.create(article=article, status="scheduled", at=timezone.now())
    settings = connection.get_connection_params()
    if connection.vendor == "sqlite":
        connection.close()
        monkeypatch.setitem(connection.settings_dict["OPTIONS"], "timeout", 0.02)
        other = sqlite3.connect(settings["database"], isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
    else:
        other = psycopg.connect(
            **{
                name: settings[name]
                for name in ("dbname", "user", "password", "host", "port")
                if name in settings
            }
        )
        other.execute(f"LOCK TABLE {TABLE}")
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = 20")
    yield
    other.close()
    if connection.vendor == "postgresql":  # a pool keeps the connection for other tests
        with connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")


def test_a_busy_database_is_no_warning(busy, warnings):
    assert warnings() == []
