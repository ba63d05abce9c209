"""Disqus: the XML export of a forum (Community → Export), with threads and then posts.

The schema is http://disqus.com/api/schemas/1.0/disqus.xsd. An export holds no votes. Ids are
those of all Disqus, so that old links to ``#comment-ID`` find their comments here.
"""

import codecs
import html
import re
from urllib.parse import unquote
from xml.parsers import expat

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from newsroom.importing.broken_export import BrokenExport
from newsroom.importing.comment_staging import CommentRecord, ThreadRecord
from newsroom.importing.comment_text import convert_shown_comment
from newsroom.importing.comment_threads import APPROVED, DELETED, HELD, SPAM, hide_mail
from newsroom.importing.comments_by_address import CommentsByAddress, read_moment
from newsroom.importing.file_kinds import describe_file
from newsroom.importing.mapping import derive_key

CHUNK = 1 << 18
DEEPEST = 50
LARGEST_TAG = 4 << 20  # bytes
LONGEST_TEXT = 1 << 20  # characters of all fields of a post
HIGHEST_ID = 10**12
FIELDS = {"id", "link", "message", "createdAt", "author/name"} | {
    f"is{state}" for state in ("Closed", "Deleted", "Spam", "Approved")
}
# Disqus lets control characters through, which XML forbids.
CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
CONTROL_REFERENCES = re.compile(
    rb"&#(?:x0*+(?:[0-8bcef]|1[0-9a-f])|0*+(?:[0-8]|1[124-9]|2[0-9]|3[01]));", re.IGNORECASE
)
LONGEST_REFERENCE = 12
COUNTED_LINK = re.compile(r"https?://disq\.us/url\?url=([^\"'<>\s&]++)[^\"'<>\s]*+")
ENDS_EARLY = {
    expat.errors.codes[text]
    for text in (
        expat.errors.XML_ERROR_NO_ELEMENTS,
        expat.errors.XML_ERROR_UNCLOSED_TOKEN,
        expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
    )
}
ADDRESS = re.compile(r"(?:https?:/)?/\S+")


class DisqusImporter(CommentsByAddress):
    """Imports the comments of a Disqus export: .xml, .xml.gz or .zip."""

    source = "disqus"
    endings = (".xml",)
    hint = gettext_lazy("In Disqus choose Community → Export, and import the file of its mail.")

    def read(self, path, follow):
        reader = PostReader(self._remark_skipped)
        with open(path, "rb") as file:
            head = file.read(1000)
            file.seek(0)
            try:
                for text in _clean(file):
                    follow(file.tell())
                    yield from reader.feed(text)
                yield from reader.feed(b"", is_last=True)
            except expat.ExpatError as error:
                if b"<disqus" not in head:
                    raise BrokenExport(1, self._explain(head)) from error
                raise BrokenExport(error.lineno, self._explain_error(error)) from error
            except NoDisqus:
                raise BrokenExport(1, self._explain(head)) from None

    def _remark_skipped(self, line, text):
        self.report.count("comment", "left out")
        self.report.remark(text, line=line)

    def _explain(self, head):
        return f"{describe_file(head) or _('this is not a Disqus export.')} {self.hint}"

    def _explain_error(self, error):
        if error.code in ENDS_EARLY:
            return _("the file ends before the export is complete.")
        text = _("the XML cannot be read (%s). Export again, or repair this place.")
        return text % expat.ErrorString(error.code)


class NoDisqus(Exception):
    """The root element of a file is another one."""


class PostReader:
    """Turns the text of an export into records. ``skip`` is called with (line, reason)."""

    def __init__(self, skip):
        self._skip = skip
        self._path = []
        self._fields = {}
        self._text = []
        self._size = self._fed = 0
        self._records = []
        self._parser = expat.ParserCreate("utf-8")
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._add_text
        self._parser.StartDoctypeDeclHandler = self._refuse

    def feed(self, text, *, is_last=False):
        """Return the records that a further piece of the text completes."""
        try:
            self._parser.Parse(text, is_last)
        except (expat.ExpatError, BrokenExport):
            yield from self._take()
            raise
        self._fed += len(text)
        if self._fed - self._parser.CurrentByteIndex > LARGEST_TAG:
            self._break(_("a tag does not end."))
        yield from self._take()

    def _take(self):
        records, self._records = self._records, []
        return records

    def _break(self, reason):
        raise BrokenExport(self._parser.CurrentLineNumber, reason)

    def _refuse(self, name, *_declaration):
        if name.lower() == "html":
            raise NoDisqus
        self._break(_("custom entities are not accepted."))

    def _start(self, name, attributes):
        name = name.rpartition(":")[2]
        if not self._path:
            if name != "disqus":
                raise NoDisqus
        elif len(self._path) > DEEPEST:
            self._break(_("elements are nested too deeply."))
        self._path.append(name)
        key = next((attributes[each] for each in attributes if each.split(":")[-1] == "id"), "")
        if len(self._path) == 2:
            self._fields, self._size = {"key": key}, 0
        elif len(self._path) == 3 and name in {"thread", "parent"}:
            self._fields[name] = key
        self._text = []

    def _add_text(self, text):
        if len(self._path) < 3:
            return
        self._size += len(text)
        if self._size <= LONGEST_TEXT:
            self._text.append(text)

    def _end(self, name):
        field = "/".join(self._path[2:])
        if field in FIELDS:
            self._fields[field] = "".join(self._text)
        self._text = []
        self._path.pop()
        if len(self._path) != 1:
            return
        kind = name.rpartition(":")[2]
        if kind == "post" and self._size > LONGEST_TEXT:
            self._skip(self._parser.CurrentLineNumber, _("comment skipped: it is too long"))
        elif kind == "post":
            self._records.append(_build_comment(self._fields))
        elif kind == "thread":
            self._records.append(_build_thread(self._fields))
        self._fields = {}


def _clean(file):
    """Yield the text of a file in UTF-8, without what no XML parser takes."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")("replace")
    rest = b""
    while chunk := file.read(CHUNK):
        text = CONTROLS.sub(b" ", rest + decoder.decode(chunk).encode())
        cut = text.rfind(b"&", -LONGEST_REFERENCE)
        rest, text = (text[cut:], text[:cut]) if cut >= 0 else (b"", text)
        yield CONTROL_REFERENCES.sub(b"", text)
    yield rest


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
