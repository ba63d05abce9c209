"""Disqus: the XML export of a forum (Community → Export), with threads and then posts.

The schema is http://disqus.com/api/schemas/1.0/disqus.xsd. An export holds no votes. Ids are
those of all Disqus, so that old links to ``#comment-ID`` find their comments here.
"""

import html
import re
from urllib.parse import unquote

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from newsroom.comment_systems.disqus_reader import NoDisqus, read_fields
from newsroom.importing.broken_export import BrokenExport
from newsroom.importing.comment_staging import CommentRecord, ThreadRecord
from newsroom.importing.comment_text import convert_shown_comment
from newsroom.importing.comment_threads import APPROVED, DELETED, HELD, SPAM, hide_mail
from newsroom.importing.comments_by_address import CommentsByAddress, read_moment
from newsroom.importing.file_kinds import describe_file, join_sentences
from newsroom.importing.mapping import derive_key

HIGHEST_ID = 10**12
COUNTED_LINK = re.compile(r"https?://disq\.us/url\?url=([^\"'<>\s&]++)[^\"'<>\s]*+")
ADDRESS = re.compile(r"(?:https?:/)?/\S+")


class DisqusImporter(CommentsByAddress):
    """Imports the comments of a Disqus export: .xml, .xml.gz or .zip."""

    source = "disqus"
    endings = (".xml",)
    hint = gettext_lazy("In Disqus choose Community → Export, and import the file of its mail.")

    def read(self, path, follow):
        with open(path, "rb") as file:
            head = file.read(1000)
            file.seek(0)
            try:
                for kind, fields in read_fields(file, self._skip, follow):
                    yield _build_comment(fields) if kind == "post" else _build_thread(fields)
            except NoDisqus:
                raise BrokenExport(1, self._explain(head)) from None

    def _skip(self, line, text, is_post):
        if is_post:
            self.report.count("comment", "left out")
        self.report.remark(text, line=line)

    def _explain(self, head):
        if b"<disqus" in head:
            kind = _("the XML cannot be read from its beginning.")
        else:
            kind = describe_file(head) or _("this is not a Disqus export.")
        return join_sentences(kind, self.hint)


def _build_thread(fields):
    """Return a thread: its link, else the addresses among its identifiers, lead to the article."""
    identifiers = ADDRESS.findall(fields.get("id", ""))
    urls = dict.fromkeys(filter(None, [fields.get("link", "").strip(), *identifiers]))
    return ThreadRecord(
        fields["key"],
        tuple(urls),
        is_open=not _is_set(fields, "isClosed"),
        is_deleted=_is_set(fields, "isDeleted"),
    )


def _build_comment(fields):
    thread = fields.get("thread", "")
    return CommentRecord(
        thread=thread,
        old_id=_read_id(fields["key"]) or _derive_id(fields, thread),
        parent=_read_id(fields.get("parent", "")),
        name=hide_mail(fields.get("author/name", "").strip()),
        text=convert_shown_comment(_count_no_links(fields.get("message", ""))),
        posted_at=read_moment(fields.get("createdAt", "")),
        state=_read_state(fields),
    )


def _read_state(fields):
    if _is_set(fields, "isSpam"):
        return SPAM
    if _is_set(fields, "isDeleted"):
        return DELETED
    return HELD if fields.get("isApproved", "").strip() == "false" else APPROVED


def _is_set(fields, name):
    return fields.get(name, "").strip() in {"true", "1"}


def _read_id(key):
    """Return an id of Disqus, a key for what is no number, or 0 for nothing."""
    key = key.strip()
    if key.isascii() and key.isdecimal() and 0 < (number := int(key[:20])) < HIGHEST_ID:
        return number
    return derive_key("disqus", key) if key else 0


def _derive_id(fields, thread):
    """Return the key of a post without an id: it depends on what the post says."""
    parts = ("id", "author/name", "createdAt", "message")
    return derive_key("disqus", thread, *(fields.get(part, "") for part in parts))


def _count_no_links(text):
    """Return HTML whose links lead to their targets, not by way of Disqus's counter."""
    return COUNTED_LINK.sub(_find_target, text)


def _find_target(match):
    url = unquote(match[1])
    target, _colon, signature = url.rpartition(":")
    return html.escape(target if target.count("/") >= 2 and "/" not in signature else url)
