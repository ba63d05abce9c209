"""Remark42: its backup, plain or gzipped.

The first line holds the version and what is known of users and posts (pages), each line after it
one comment, with its text as HTML and the sum of its votes; the voters are left out by Remark42.
"""

import json
from html import unescape

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.web.html import remove_unprintable
from newsroom.importing.broken_export import BrokenExport
from newsroom.importing.comment_staging import CommentRecord, ThreadRecord
from newsroom.importing.comment_text import convert_shown_comment
from newsroom.importing.comment_threads import APPROVED, DELETED, hide_mail, limit_score
from newsroom.importing.comments_by_address import CommentsByAddress, read_moment
from newsroom.importing.file_kinds import describe_file, join_sentences
from newsroom.importing.mapping import derive_key

VERSIONS = {0, 1}
LONGEST_HEADER = 64 << 20  # bytes: it lists all users
LONGEST_LINE = 4 << 20


class Remark42Importer(CommentsByAddress):
    """Imports the comments of a Remark42 backup: JSON by line, .gz or .zip."""

    source = "remark42"
    endings = (".json", ".txt")
    hint = gettext_lazy(
        "Make a backup with “remark42 backup --site=…”, or take one of the folder backup."
    )

    def read(self, path, follow):
        with open(path, "rb") as file:
            line = file.readline(LONGEST_HEADER)
            header = self._read_header(line)
            closed = _list_closed(header)
            if "locator" in header:  # without a header
                file.seek(0)
            number = 0 if "locator" in header else 1
            while line := file.readline(LONGEST_LINE):
                number += 1
                follow(file.tell())
                whole = line.endswith(b"\n")
                while not whole and (rest := file.readline(LONGEST_LINE)):
                    whole, line = rest.endswith(b"\n"), b""
                if not line or line.strip():
                    yield from self._read_line(line, number, closed, is_last=not whole)

    def _read_header(self, line):
        try:
            header = json.loads(line.decode(errors="replace"))
        except (ValueError, RecursionError):
            header = None
        if not isinstance(header, dict) or not header.keys() & {"version", "locator"}:
            kind = describe_file(line[:1000])
            if not kind or line.lstrip()[:1] in {b"{", b"["}:
                kind = _("this is not a backup of Remark42.")
            raise BrokenExport(1, join_sentences(kind, self.hint))
        version = header.get("version", 0)
        if not isinstance(version, int) or version not in VERSIONS:
            raise BrokenExport(1, _("version %s of the backup is not known.") % str(version)[:20])
        return header

    def _read_line(self, line, number, closed, *, is_last):
        """Yield the thread and the comment of a line; report one that cannot be read."""
        if not line:
            self._skip(_("comment skipped: it is too long"), number)
            return
        try:
            comment = json.loads(line.decode(errors="replace"))
        except (ValueError, RecursionError):
            if is_last:
                text = _("the file ends before the export is complete.")
                raise BrokenExport(number, text) from None
            self._skip(_("comment skipped: the line is no JSON"), number)
            return
        if not isinstance(comment, dict) or not _read_text(comment, "id"):
            self._skip(_("comment skipped: the line holds no comment"), number)
            return
        url = _read_text(_read_object(comment, "locator"), "url")
        if comment.get("pin") is True:
            text = _("pinned on the old site: not pinned here")
            self.report.remark(text, line=number, subject=url)
        yield ThreadRecord(url, (url,), is_open=url not in closed)
        yield _build_comment(comment, url)

    def _skip(self, text, number):
        self.report.count("comment", "left out")
        self.report.remark(text, line=number)


def _list_closed(header):
    """Return the addresses of the pages that take no more comments."""
    posts = header.get("posts")
    posts = posts if isinstance(posts, list) else []
    return {
        _read_text(post, "url")
        for post in posts
        if isinstance(post, dict) and post.get("read_only") is True
    }


def _build_comment(comment, url):
    site = _read_text(_read_object(comment, "locator"), "site")
    parent, score = _read_text(comment, "pid"), comment.get("score")
    is_number = isinstance(score, int) and not isinstance(score, bool)
    return CommentRecord(
        thread=url,
        old_id=derive_key("remark42", site, _read_text(comment, "id")),
        parent=derive_key("remark42", site, parent) if parent else 0,
        name=hide_mail(unescape(_read_text(_read_object(comment, "user"), "name"))),
        text=convert_shown_comment(_read_text(comment, "text")),
        posted_at=read_moment(_read_text(comment, "time")),
        state=DELETED if comment.get("delete") is True else APPROVED,
        score=limit_score(score) if is_number else 0,
    )


def _read_object(values, name):
    value = values.get(name)
    return value if isinstance(value, dict) else {}


def _read_text(values, name):
    """Return a text that every database takes: JSON may hold NUL and halves of a character."""
    value = values.get(name)
    return remove_unprintable(value) if isinstance(value, str) else ""
