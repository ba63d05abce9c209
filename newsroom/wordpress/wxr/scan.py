"""Cuts an export into its elements, in one pass and in bounded memory.

Real exports are often not well-formed, so that an XML parser would refuse the whole file. The
scanner searches the bytes for the elements that matter, except in CDATA sections, and each
element is parsed on its own. A broken item costs that item alone.
"""

import codecs
import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

CHUNK = 1 << 20
LIMIT = 64 << 20
LONGEST_TAG = 1 << 12

CHANNEL_LEAVES = ("title", "link", "wp:wxr_version", "wp:base_site_url", "wp:base_blog_url")
ELEMENTS = (*CHANNEL_LEAVES, "image", "wp:author", "wp:category", "wp:tag", "wp:term", "item")

START = re.compile(
    rb"<!--|<!\[CDATA\[|<!DOCTYPE|<!ENTITY|</channel\s*>|<channel[\s>]|<rss[\s>]|<(%s)(?=[\s/>])[^>]*>"
    % "|".join(ELEMENTS).encode()
)
ENDS = {name: re.compile(rb"<!\[CDATA\[|</%s\s*>" % name.encode()) for name in ELEMENTS}
DECLARATION = re.compile(rb"""^\s*<\?xml[^>]*?encoding=["']([A-Za-z0-9._-]+)["']""")
NEXT_ITEM = re.compile(rb"\n[ \t]*<item>\s")
LONGEST_END = 64


class BrokenExport(Exception):
    """The file cannot be read beyond a line; the elements before it are whole."""

    def __init__(self, line, reason):
        self.line = line
        self.reason = reason
        super().__init__(_("Line %(line)d: %(reason)s") % {"line": line, "reason": reason})


@dataclass(slots=True)
class Element:
    """One element of the file. ``body`` is None when it is longer than the limit."""

    name: str
    line: int
    body: bytes | None
    size: int


class Scanner:
    """Iterates over the elements of an open binary file.

    ``bytes_done`` counts the bytes scanned. Raises ``BrokenExport`` for a file that is no export,
    ends too early or declares entities of its own.
    """

    def __init__(self, file, *, limit=LIMIT, chunk=CHUNK):
        self._file = file
        self._limit = limit
        self._chunk = chunk
        self._buffer = bytearray()
        self._position = 0
        self._line = 1
        self._counted = 0
        self._decoder = None
        self._at_end = False
        self._in_channel = False
        self._bytes_read = 0

    def __iter__(self):
        self._detect_encoding()
        while True:
            match = self._find_start()
            if match is None:
                return
            token = match[0]
            if token.startswith((b"<!DOCTYPE", b"<!ENTITY")):
                raise BrokenExport(
                    self._find_line(match.start()), _("custom entities are not accepted.")
                )
            if token.startswith((b"<rss", b"<channel")):
                self._in_channel = True
                self._position = match.end()
            elif token.startswith(b"</channel"):
                return
            elif token == b"<!--":
                self._skip(b"-->", match.end(), match.start())
            elif token == b"<![CDATA[":
                self._skip(b"]]>", match.end(), match.start())
            elif not self._in_channel:
                break
            elif token.endswith(b"/>"):
                self._position = match.end()
            else:
                yield self._read_element(match)
        raise BrokenExport(
            self._find_line(match.start()), _("this is not a WordPress export (WXR).")
        )

    @property
    def bytes_done(self):
        return self._bytes_read - (len(self._buffer) - self._position)

    def resume_at_next_item(self, element):
        """Go back to the next ``<item>`` inside an item that cannot be read.

        A CDATA section that is never closed includes the items after it. Returns whether there
        was one.
        """
        inner = element.body and NEXT_ITEM.search(element.body, 6)
        if not inner:
            return False
        start = inner.start() + 1
        self._buffer[: self._position] = element.body[start:]
        self._position = 0
        self._line = element.line + element.body.count(b"\n", 0, start)
        self._counted = 0
        return True

    def _detect_encoding(self):
        self._fill()
        declared = DECLARATION.match(bytes(self._buffer[:200]).removeprefix(codecs.BOM_UTF8))
        encoding = declared[1].decode() if declared else "utf-8"
        try:
            encoding = codecs.lookup(encoding).name
        except LookupError as error:
            raise BrokenExport(1, _("the encoding %s is not supported.") % encoding) from error
        if encoding not in {"utf-8", "ascii"}:
            self._decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
            self._buffer[:] = self._decoder.decode(bytes(self._buffer)).encode()

    def _fill(self):
        """Read the next chunk; return whether there was one."""
        piece = self._file.read(self._chunk)
        self._bytes_read += len(piece)
        if self._decoder:
            piece = self._decoder.decode(piece, final=not piece).encode()
        self._at_end = not piece
        self._buffer += piece
        return not self._at_end

    def _find_line(self, offset):
        if offset >= self._counted:
            self._line += self._buffer.count(b"\n", self._counted, offset)
            self._counted = offset
            return self._line
        return self._line - self._buffer.count(b"\n", offset, self._counted)

    def _discard(self, offset):
        """Drop the bytes before an offset, to which all offsets are relative then."""
        self._find_line(max(offset, self._counted))
        line = self._find_line(offset)
        del self._buffer[:offset]
        self._line, self._counted = line, 0

    def _find_start(self):
        while True:
            match = START.search(self._buffer, self._position)
            if match:
                return match
            keep = max(self._position, len(self._buffer) - LONGEST_TAG)
            self._discard(keep)
            self._position = 0
            if not self._fill():
                line = self._find_line(len(self._buffer))
                if self._in_channel:
                    raise BrokenExport(line, _("the file ends before the export is complete."))
                raise BrokenExport(1, _("this is not a WordPress export (WXR)."))

    def _skip(self, ending, start, begun):
        line = self._find_line(begun)
        while True:
            end = self._buffer.find(ending, start)
            if end >= 0:
                self._position = end + len(ending)
                return
            self._discard(max(start, len(self._buffer) - len(ending)))
            start = 0
            if not self._fill():
                raise BrokenExport(line, _("the file ends inside the part that begins here."))

    def _read_element(self, match):
        """Return the element that a start tag opens, and continue after it."""
        name = match[1].decode()
        line = self._find_line(match.start())
        self._discard(match.start())
        position = match.end() - match.start()
        discarded = 0
        in_cdata = False
        while True:
            if in_cdata:
                found = self._buffer.find(b"]]>", position)
                if found >= 0:
                    position, in_cdata = found + 3, False
                    continue
            else:
                found = ENDS[name].search(self._buffer, position)
                if found and found[0] == b"<![CDATA[":
                    position, in_cdata = found.end(), True
                    continue
                if found:
                    break
            position = max(position, len(self._buffer) - LONGEST_END)
            if discarded or position > self._limit:
                self._discard(position)
                discarded += position
                position = 0
            if not self._fill():
                raise BrokenExport(
                    line, _("the file ends inside the <%s> that begins here.") % name
                )
        end = found.end()
        too_long = discarded or end > self._limit
        body = None if too_long else bytes(memoryview(self._buffer)[:end])
        self._position = end
        return Element(name, line, body, discarded + end)
