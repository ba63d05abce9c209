"""Isso: its SQLite database, with the tables ``threads`` and ``comments``.

``mode`` of a comment is 1 for accepted, 2 for pending, and 4 for deleted but answered. The
voters are a Bloom filter over addresses, so only the numbers of votes come along.
"""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from html import unescape
from urllib.parse import quote

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.web.html import remove_unprintable
from newsroom.comment_systems.markdown import convert_markdown
from newsroom.importing.broken_export import BrokenExport
from newsroom.importing.comment_staging import CommentRecord, ThreadRecord
from newsroom.importing.comment_threads import APPROVED, DELETED, HELD, hide_mail, limit_score
from newsroom.importing.comments_by_address import EARLIEST, CommentsByAddress
from newsroom.importing.file_kinds import describe_file, join_sentences
from newsroom.importing.mapping import derive_key

MAGIC = b"SQLite format 3\0"
COLUMNS = {
    "threads": {"id", "uri"},
    "comments": {"tid", "id", "parent", "created", "mode", "text", "author", "likes", "dislikes"},
}
STATES = {1: APPROVED, 4: DELETED}
LONGEST = 8 << 20  # bytes of a value
STEPS = 1_000  # rows between two reports of progress
QUERY = """
SELECT comments.id, comments.tid, comments.created, comments.parent, parents.created, comments.mode,
    comments.text, comments.author, comments.likes, comments.dislikes
FROM comments LEFT JOIN comments AS parents ON parents.id = comments.parent
ORDER BY comments.id
"""


class IssoImporter(CommentsByAddress):
    """Imports the comments of an Isso database, packed or not."""

    source = "isso"
    endings = (".db", ".sqlite", ".sqlite3")
    hint = gettext_lazy(
        "Name a copy of Isso's database: the file at dbpath in its configuration, copied while"
        " Isso is stopped."
    )

    def read(self, path, follow):
        with open(path, "rb") as file:
            head = file.read(1000)
        if not head.startswith(MAGIC):
            kind = describe_file(head) or _("this is not an SQLite database.")
            raise BrokenExport(0, join_sentences(kind, self.hint))
        size = path.stat().st_size
        try:
            with closing(_open(path)) as database:
                self._check(database)
                total = database.execute("SELECT count(*) FROM comments").fetchone()[0]
                for key, uri in database.execute("SELECT id, uri FROM threads"):
                    yield ThreadRecord(str(key), (_clean(uri),))
                for number, row in enumerate(database.execute(QUERY)):
                    if number % STEPS == 0:
                        follow(size * number / total)
                    yield _build_comment(*row)
        except (sqlite3.Error, OverflowError) as error:
            text = _("the database cannot be read (%s).") % error
            raise BrokenExport(0, f"{text} {self.hint}") from error

    def _check(self, database):
        """Raise ``BrokenExport`` if the tables are not Isso's."""
        for table, columns in COLUMNS.items():
            kinds = database.execute(
                "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", [table]
            ).fetchall()
            known = {row[1] for row in database.execute(f"PRAGMA table_info({table})")}
            is_plain = kinds and not str(kinds[0][0]).upper().startswith("CREATE VIRTUAL")
            if not is_plain or not columns <= known:
                text = _("this is an SQLite database, but it lacks Isso's table %s.")
                raise BrokenExport(0, f"{text % table} {self.hint}")


def _open(path):
    """Return a connection that writes nothing and runs no code of the file's schema."""
    database = sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True)
    database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST)
    database.text_factory = lambda text: text.decode(errors="replace")
    database.execute("PRAGMA trusted_schema = OFF")
    return database


def _build_comment(old_id, thread, created, parent, parent_created, mode, text, author, *votes):
    likes, dislikes = (vote if isinstance(vote, int) else 0 for vote in votes)
    return CommentRecord(
        thread=str(thread),
        old_id=_build_key(old_id, created),
        parent=_build_key(parent, parent_created) if parent else 0,
        name=hide_mail(unescape(_clean(author))),
        text=convert_markdown(_clean(text)),
        posted_at=_read_moment(created),
        state=STATES.get(mode, HELD),
        score=limit_score(likes - dislikes),
    )


def _build_key(old_id, created):
    """Return a key that another Isso database has not: ids begin at 1 in each."""
    return derive_key("isso", old_id, created)


def _clean(value):
    """Return a value of a text column, which in SQLite may hold anything, as a text."""
    return remove_unprintable(value) if isinstance(value, str) else ""


def _read_moment(created):
    try:
        moment = datetime.fromtimestamp(created, UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return None
    return moment if moment.year >= EARLIEST else None
