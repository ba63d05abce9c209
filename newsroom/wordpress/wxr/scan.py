"""Cuts an export into its elements, in one pass over the mapped file.

Real exports are often not well-formed, so that an XML parser would refuse the whole file. The
scanner searches the bytes for the elements that matter, except in CDATA sections, and each
element is parsed on its own. A broken item costs that item alone.
"""

import codecs
import mmap
import re
import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from tempfile import TemporaryFile

from django.utils.translation import gettext as _

from newsroom.importing.broken_export import BrokenExport
from newsroom.wordpress.wxr.diagnosis import explain_file

CHUNK = 1 << 20
LIMIT = 64 << 20

CHANNEL_LEAVES = ("link", "generator", "wp:base_site_url", "wp:base_blog_url")
ELEMENTS = (*CHANNEL_LEAVES, "image", "wp:author", "wp:category", "wp:tag", "wp:term", "item")

START = re.compile(
    rb"<!--|<!\[CDATA\[|<!DOCTYPE|<!ENTITY|</channel\s*>|<channel[\s>]|<rss[\s>]|<(%s)(?=[\s/>])[^<>]*+>"
    % "|".join(ELEMENTS).encode()
)
ENDS = {name: re.compile(rb"<!\[CDATA\[|</%s\s*>" % name.encode()) for name in ELEMENTS}
DECLARATION = re.compile(rb"""^\s*<\?xml[^>]*?encoding=["']([A-Za-z0-9._-]+)["']""")
NEXT_ITEM = re.compile(rb"\n[ \t]*<item>\s")
ENDINGS = {b"<!--": b"-->", b"<![CDATA[": b"]]>"}


@dataclass(slots=True)
class Element:
    """One element of the file. ``body`` is None when it is longer than the limit."""

    name: str
    line: int
    body: bytes | None
    size: int


@contextmanager
def map_export(path):
    """Map the text of an export into memory, in UTF-8. The system loads only the parts read."""
    with open(path, "rb") as file, TemporaryFile() as copy:
        encoding = _detect_encoding(file.read(200))
        file.seek(0)
        if encoding not in {"utf-8", "ascii"}:
            shutil.copyfileobj(codecs.EncodedFile(file, "utf-8", encoding, "replace"), copy)
            copy.flush()
            file = copy
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as text:
            yield text


def _detect_encoding(head):
    if not head:
        raise BrokenExport(1, explain_file(head))
    declared = DECLARATION.match(head.removeprefix(codecs.BOM_UTF8))
    encoding = declared[1].decode() if declared else "utf-8"
    try:
        return codecs.lookup(encoding).name
    except LookupError as error:
        raise BrokenExport(1, _("the encoding %s is not supported.") % encoding) from error


class Scanner:
    """Iterates over the elements of a text that ``map_export`` returns.

    ``bytes_done`` counts the bytes scanned. Raises ``BrokenExport`` for a text that is no export,
    ends too early or declares entities of its own.
    """

    def __init__(self, text, *, limit=LIMIT):
        self._text = text
        self._limit = limit
        self._line = 1
        self._counted = 0
        self.bytes_done = 0

    def __iter__(self):
        in_channel = False
        while match := START.search(self._text, self.bytes_done):
            token = match[0]
            self.bytes_done = match.end()
            if token.startswith((b"<!DOCTYPE", b"<!ENTITY")):
                line = self._find_line(match.start())
                if not in_channel and b"html" in self._text[match.start() :][:20].lower():
                    break
                raise BrokenExport(line, _("custom entities are not accepted."))
            if token.startswith((b"<rss", b"<channel")):
                in_channel = True
            elif token.startswith(b"</channel"):
                return
            elif token in ENDINGS:
                self._skip(match)
            elif not in_channel:
                break
            elif not token.endswith(b"/>"):
                yield self._read_element(match)
        if in_channel:
            line = self._find_line(len(self._text))
            raise BrokenExport(line, _("the file ends before the export is complete."))
        line = self._find_line(match.start()) if match else 1
        raise BrokenExport(line, explain_file(self._text[:1000]))

    def resume_at_next_item(self, element):
        """Go back to the next ``<item>`` inside an item that cannot be read, if there is one.

        A CDATA section that is never closed includes the items after it.
        """
        start = self.bytes_done - element.size
        inner = NEXT_ITEM.search(self._text, start + len("<item>"), self.bytes_done)
        if inner:
            self._line, self._counted = element.line, start
            self.bytes_done = inner.start() + 1

    def _find_line(self, offset):
        """Return the line of an offset, which is not before that of the last call."""
        for start in range(self._counted, offset, CHUNK):
            self._line += self._text[start : min(start + CHUNK, offset)].count(b"\n")
        self._counted = offset
        return self._line

    def _skip(self, match):
        ending = ENDINGS[match[0]]
        end = self._text.find(ending, match.end())
        if end < 0:
            line = self._find_line(match.start())
            raise BrokenExport(line, _("the file ends inside the part that begins here."))
        self.bytes_done = end + len(ending)

    def _read_element(self, match):
        """Return the element that a start tag opens, and continue after it."""
        name, start = match[1].decode(), match.start()
        line = self._find_line(start)
        position = match.end()
        while end := ENDS[name].search(self._text, position):
            if end[0] != b"<![CDATA[":
                self.bytes_done = end.end()
                size = end.end() - start
                body = self._text[start : end.end()] if size <= self._limit else None
                self._text.madvise(mmap.MADV_DONTNEED, 0, end.end())  # keeps the memory small
                return Element(name, line, body, size)
            section_end = self._text.find(b"]]>", end.end())
            if section_end < 0:
                break
            position = section_end + len(b"]]>")
        raise BrokenExport(line, _("the file ends inside the <%s> that begins here.") % name)
