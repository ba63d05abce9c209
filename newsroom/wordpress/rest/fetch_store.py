"""Keeps what was fetched from a site until the import has ended, in a file of SQLite.

An interrupted run goes on from there. What is older than a day is fetched again.
"""

import hashlib
import json
import os
import sqlite3
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from newsroom.importing.broken_export import BrokenExport
from newsroom.wordpress.wxr.records import Remark

OLDEST = 24 * 3600  # seconds
SCHEMA = """
CREATE TABLE IF NOT EXISTS rows (
    collection TEXT, id INTEGER, post INTEGER, author INTEGER, body TEXT,
    PRIMARY KEY (collection, id)
);
CREATE INDEX IF NOT EXISTS rows_post ON rows (collection, post, id);
CREATE TABLE IF NOT EXISTS states (
    collection TEXT, view TEXT, body TEXT, PRIMARY KEY (collection, view)
);
CREATE TABLE IF NOT EXISTS remarks (collection TEXT, text TEXT, subject TEXT, times INTEGER);
"""


@dataclass
class State:
    """How far a collection is: the entries asked for, how many the site named, and restarts.

    ``skipped`` are those that the site could not show.
    """

    position: int = 0
    skipped: int = 0
    total: int | None = None
    is_done: bool = False
    restarts: int = 0


@contextmanager
def open_store(*names):
    """Open the ``FetchStore`` of a site and a login; it is deleted unless an exception ends it."""
    folder = settings.VAR_DIR / "fetched"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    code = hashlib.blake2b("\0".join(names).encode(), digest_size=12).hexdigest()
    path = folder / f"{code}.sqlite3"
    _delete_old(folder)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    connection = sqlite3.connect(path, timeout=0.1)
    try:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        try:
            connection.execute("BEGIN EXCLUSIVE")
            connection.executescript(SCHEMA)
        except sqlite3.OperationalError as error:
            reason = _("another import of this site is running. Wait until it has ended.")
            raise BrokenExport(0, reason) from error
        except sqlite3.DatabaseError as error:
            reason = _("what was fetched cannot be read (%(error)s). Delete the file %(path)s.")
            raise BrokenExport(0, reason % {"error": error, "path": path}) from error
        yield FetchStore(connection)
    finally:
        connection.close()
    _delete(path)


def _delete_old(folder):
    """Delete what imports that nobody went on with have left: it holds drafts and held comments."""
    for path in folder.glob("*.sqlite3"):
        with suppress(FileNotFoundError):  # its import has ended meanwhile
            if time.time() - path.stat().st_ctime > OLDEST:
                _delete(path)


def _delete(path):
    """Delete the file and its journal, which SQLite leaves behind a process that was killed."""
    path.unlink(missing_ok=True)
    path.with_name(f"{path.name}-journal").unlink(missing_ok=True)


class FetchStore:
    """Rows of JSON by collection and id."""

    def __init__(self, connection):
        self._connection = connection

    def find_state(self, collection, view):
        sql = "SELECT body FROM states WHERE collection = ? AND view = ?"
        row = self._read_one(sql, collection, view)
        return State(**json.loads(row)) if row else State()

    def add(self, collection, view, rows, state):
        """Add rows and save how far the collection is, both or neither.

        Rows of a ``view`` that has a name replace none.
        """
        verb = "IGNORE" if view else "REPLACE"
        with self._connection:
            self._connection.executemany(
                f"INSERT OR {verb} INTO rows VALUES (?, ?, ?, ?, ?)",
                (
                    (collection, row["id"], _read_key(row, "post"), _read_key(row, "author"), body)
                    for row in rows
                    for body in [json.dumps(row)]
                ),
            )
            self._connection.execute(
                "INSERT OR REPLACE INTO states VALUES (?, ?, ?)",
                (collection, view, json.dumps(vars(state))),
            )

    def clear(self, collection, view, state):
        """Begin a collection again; forget its rows, unless another view has some."""
        is_only = not view or not self.find_state(collection, "").position
        with self._connection:
            if is_only:
                self._connection.execute("DELETE FROM rows WHERE collection = ?", (collection,))
            self._connection.execute("DELETE FROM remarks WHERE collection = ?", (collection,))
        self.add(collection, view, [], state)

    def remark(self, collection, text, *, subject="", times=1):
        with self._connection:
            self._connection.execute(
                "INSERT INTO remarks VALUES (?, ?, ?, ?)", (collection, text, subject, times)
            )

    def list_remarks(self):
        """Yield the remarks on what could not be fetched, each once."""
        sql = "SELECT text, subject, times FROM remarks GROUP BY 1, 2, 3 ORDER BY MIN(rowid)"
        for text, subject, times in self._connection.execute(sql):
            yield Remark(0, text, subject, times=times)

    def list_rows(self, collection):
        """Yield the rows of a collection by their ids."""
        sql = "SELECT body FROM rows WHERE collection = ? ORDER BY id"
        for (body,) in self._connection.execute(sql, (collection,)):
            yield json.loads(body)

    def list_of_post(self, collection, post):
        """Return the rows of a collection that belong to a post."""
        sql = "SELECT body FROM rows WHERE collection = ? AND post = ? ORDER BY id"
        return [json.loads(body) for (body,) in self._connection.execute(sql, (collection, post))]

    def find_highest(self, collection, post):
        """Return the highest id in a collection of the rows that belong to a post, or 0."""
        sql = "SELECT MAX(id) FROM rows WHERE collection = ? AND post = ?"
        return self._read_one(sql, collection, post) or 0

    def count_strays(self, collection, others):
        """Return how many rows of a collection belong to no row of some others."""
        marks = ", ".join("?" * len(others))
        sql = (
            "SELECT COUNT(*) FROM rows WHERE collection = ? AND post NOT IN"
            f" (SELECT id FROM rows WHERE collection IN ({marks}))"
        )
        return self._read_one(sql, collection, *others)

    def list_authors(self, collections):
        """Return the ids of the authors of the rows of some collections."""
        marks = ", ".join("?" * len(collections))
        sql = f"SELECT DISTINCT author FROM rows WHERE collection IN ({marks})"
        return {author for (author,) in self._connection.execute(sql, collections)}

    def is_empty(self):
        return not self._read_one("SELECT EXISTS(SELECT 1 FROM rows)")

    def count(self, collection):
        return self._read_one("SELECT COUNT(*) FROM rows WHERE collection = ?", collection)

    def _read_one(self, sql, *values):
        row = self._connection.execute(sql, values).fetchone()
        return row[0] if row else None


def _read_key(row, name):
    value = row.get(name)
    return value if isinstance(value, int) and 0 < value < 2**62 else 0
