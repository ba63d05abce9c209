"""The comments of an export, put aside in a temporary database while it is read.

Exports list comments in any order, and an article may have several threads. Written down first
and read by article then, they take as much memory as the largest article needs.
"""

import json
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from newsroom.importing.comment_threads import APPROVED, IncomingComment
from newsroom.importing.mapping import BATCH

TABLES = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE thread (
    key TEXT PRIMARY KEY, urls TEXT NOT NULL, is_open INTEGER NOT NULL,
    is_deleted INTEGER NOT NULL, article INTEGER
) WITHOUT ROWID;
CREATE TABLE comment (
    old_id INTEGER PRIMARY KEY, thread TEXT NOT NULL, parent INTEGER NOT NULL, name TEXT NOT NULL,
    text TEXT NOT NULL, posted_at TEXT, state TEXT NOT NULL, score INTEGER NOT NULL
);
"""


@dataclass(frozen=True, slots=True)
class ThreadRecord:
    """A thread of another system; ``urls`` are addresses of its page, the surest first."""

    key: str
    urls: tuple
    is_open: bool = True
    is_deleted: bool = False


@dataclass(frozen=True, slots=True)
class CommentRecord:
    """A comment of another system, as an ``IncomingComment`` of the thread with the key."""

    thread: str
    old_id: int
    parent: int
    name: str
    text: str
    posted_at: datetime | None
    state: tuple = APPROVED
    score: int = 0


class CommentStaging:
    """Holds records. A context manager, which removes the database at the end."""

    def __enter__(self):
        self._folder = TemporaryDirectory()
        path = Path(self._folder.name) / "comments.sqlite3"
        self._database = sqlite3.connect(path, isolation_level=None)
        self._database.executescript(TABLES)
        self._states = {}
        return self

    def __exit__(self, *error):
        self._database.close()
        self._folder.cleanup()

    def add_thread(self, thread):
        """Add a thread, or open one that is known and closed."""
        self._database.execute(
            "INSERT INTO thread VALUES (?, ?, ?, ?, NULL)"
            " ON CONFLICT DO UPDATE SET is_open = max(is_open, excluded.is_open)",
            (thread.key, json.dumps(thread.urls), thread.is_open, thread.is_deleted),
        )

    def add_comment(self, comment):
        """Add a comment; returns False if there is one with its id."""
        label = comment.state[2]
        self._states[label] = comment.state
        moment = comment.posted_at and comment.posted_at.astimezone(UTC).isoformat()
        values = (comment.old_id, comment.thread, comment.parent, comment.name, comment.text)
        cursor = self._database.execute(
            "INSERT OR IGNORE INTO comment VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (*values, moment, label, comment.score),
        )
        return bool(cursor.rowcount)

    def drop_orphans(self):
        """Remove the comments whose parent is missing, with their replies; returns how many."""
        dropped = 0
        while removed := self._database.execute(
            "DELETE FROM comment WHERE parent <> 0"
            " AND NOT EXISTS (SELECT 1 FROM comment AS other WHERE other.old_id = comment.parent)"
        ).rowcount:
            dropped += removed
        return dropped

    def count_comments(self):
        return self._read("SELECT count(*) FROM comment")[0][0]

    def find_highest_id(self):
        """Return the highest id among the comments of threads with an article, at least 0."""
        query = "SELECT max(old_id) FROM comment JOIN thread ON key = thread WHERE article"
        return max(self._read(query)[0][0] or 0, 0)

    def list_threads(self):
        """Return [(``ThreadRecord`` or None if it is missing, its key, number of comments)]."""
        self._database.execute("CREATE INDEX IF NOT EXISTS by_thread ON comment (thread)")
        query = (
            "SELECT thread, urls, is_open, is_deleted, count(*) FROM comment"
            " LEFT JOIN thread ON key = thread"
            " GROUP BY thread ORDER BY thread"
        )
        threads = []
        for key, urls, *flags, number in self._read(query):
            thread = None
            if urls is not None:
                thread = ThreadRecord(key, tuple(json.loads(urls)), *map(bool, flags))
            threads.append((thread, key, number))
        return threads

    def assign(self, key, article_id):
        self._database.execute("UPDATE thread SET article = ? WHERE key = ?", (article_id, key))

    def list_articles(self):
        """Return [(id of an article, whether one of its threads is open, an address)]."""
        query = (
            "SELECT article, max(is_open), min(urls) FROM thread WHERE article"
            " AND EXISTS (SELECT 1 FROM comment WHERE thread = key)"
            " GROUP BY article ORDER BY article"
        )
        rows = self._read(query)
        return [(pk, bool(is_open), json.loads(urls)[0]) for pk, is_open, urls in rows]

    def list_comments(self, article_id, fallback):
        """Return the comments of an article; those without a date get the ``fallback``."""
        cursor = self._database.execute(
            "SELECT old_id, parent, name, text, posted_at, state, score FROM comment"
            " JOIN thread ON key = thread WHERE article = ? ORDER BY old_id",
            (article_id,),
        )
        comments = []
        while rows := cursor.fetchmany(BATCH):
            for old_id, parent, name, text, moment, label, score in rows:
                posted_at = datetime.fromisoformat(moment) if moment else fallback
                values = (old_id, parent, name, text, posted_at, self._states[label], score)
                comments.append(IncomingComment(*values))
        return comments

    def _read(self, query):
        return self._database.execute(query).fetchall()
