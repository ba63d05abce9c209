"""Reads the XML of a Disqus export: threads and posts as their fields, one after another.

A post that is not well-formed costs that post alone. Memory is bounded by the largest post.
"""

import codecs
import re
from xml.parsers import expat

from django.utils.translation import gettext as _

from newsroom.importing.broken_export import BrokenExport

CHUNK = 1 << 18
DEEPEST = 50
LARGEST_TAG = 4 << 20  # bytes
LONGEST_TEXT = 1 << 20  # characters of all fields of a post
MOST_FAULTS = 1_000
FIELDS = {"id", "link", "message", "createdAt", "author/name"} | {
    f"is{state}" for state in ("Closed", "Deleted", "Spam", "Approved")
}
# Disqus lets control characters through, which XML forbids.
CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
CONTROL_REFERENCES = re.compile(
    rb"&#(?:x0*+(?:[0-8bcef]|1[0-9a-f])|0*+(?:[0-8]|1[124-9]|2[0-9]|3[01]));", re.IGNORECASE
)
LONGEST_REFERENCE = 12
ROOT = b"<disqus>"
ENDING = b"disqus>"
NEXT = re.compile(rb"<post[\s>]|<thread\s[^<>]{1,200}(?<!/)>")
LONGEST_START = 220  # bytes of what ``NEXT`` finds


class NoDisqus(Exception):
    """The root element of a file is another one."""


def read_fields(file, skip, follow):
    """Yield (kind, fields) of the threads and posts of a file.

    ``skip`` is called with (line, reason, whether it is a post) for what is left out, ``follow``
    with the number of bytes read. Raises ``NoDisqus``, and ``BrokenExport`` for a file that ends
    too early.
    """
    reader = _Reader(skip)
    for text in _clean(file):
        follow(file.tell())
        yield from reader.feed(text)
    yield from reader.finish()


class _Reader:
    def __init__(self, skip):
        self._skip = skip
        self._line = 0  # lines before the text of the parser
        self._has_root = self._is_lost = False
        self._rest = b""  # the end of what was passed over
        self._faults = 0
        self._elements = []
        self._begin()

    def feed(self, text):
        """Yield what a further piece of the text completes."""
        while text:
            try:
                text = self._pass_over(text) if self._is_lost else self._parse(text)
            except BrokenExport:
                yield from self._take()
                raise
            yield from self._take()

    def finish(self):
        """Yield what the end of the text completes."""
        try:
            self._parser.Parse(b"", True)
        except expat.ExpatError as error:
            if not self._has_root:
                raise NoDisqus from error
            if not (self._is_lost and self._rest.rstrip().endswith(ENDING)):
                self._break(_("the file ends before the export is complete."))
        yield from self._take()

    def _begin(self):
        self._path = []
        self._fields = {}
        self._text = []
        self._size = self._fed = 0
        self._parser = expat.ParserCreate("utf-8")
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._add_text
        self._parser.StartDoctypeDeclHandler = self._refuse

    def _parse(self, text):
        """Parse a piece; returns what follows a fault in it."""
        try:
            self._parser.Parse(text)
        except expat.ExpatError as error:
            if not self._has_root:
                raise NoDisqus from error
            self._line += error.lineno
            self._faults += 1
            if self._faults > MOST_FAULTS:
                raise BrokenExport(self._line, _("the XML has too many faults.")) from error
            reason = _("skipped, cannot be read: %s") % expat.ErrorString(error.code)
            self._skip(self._line, reason, self._path[1:2] == ["post"])
            self._is_lost, self._rest = True, b""
            return text[max(self._parser.ErrorByteIndex - self._fed, 0) :]
        self._fed += len(text)
        if self._fed - self._parser.CurrentByteIndex > LARGEST_TAG:
            self._break(_("a tag does not end."))
        return b""

    def _pass_over(self, text):
        """Pass over a piece up to the next thread or post; returns what follows."""
        text = self._rest + text
        found = NEXT.search(text, 1)
        end = found.start() if found else max(len(text) - LONGEST_START, 0)
        self._line += text.count(b"\n", 0, end)
        if not found:
            self._rest = text[end:]
            return b""
        self._is_lost = False
        self._line -= 1  # the parser counts from 1
        self._begin()
        self._parse(ROOT)
        return text[end:]

    def _take(self):
        elements, self._elements = self._elements, []
        return elements

    def _break(self, reason):
        raise BrokenExport(self._line + self._parser.CurrentLineNumber, reason)

    def _refuse(self, name, *_declaration):
        if name.lower() == "html":
            raise NoDisqus
        self._break(_("custom entities are not accepted."))

    def _start(self, name, attributes):
        name = _drop_prefix(name)
        if not self._path:
            if name != "disqus":
                raise NoDisqus
            self._has_root = True
        elif len(self._path) > DEEPEST:
            self._break(_("elements are nested too deeply."))
        self._path.append(name)
        key = next((attributes[each] for each in attributes if _drop_prefix(each) == "id"), "")
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
        kind = _drop_prefix(name)
        if self._size > LONGEST_TEXT:
            line = self._line + self._parser.CurrentLineNumber
            self._skip(line, _("comment skipped: it is too long"), kind == "post")
        elif kind in {"post", "thread"}:
            self._elements.append((kind, self._fields))
        self._fields = {}


def _drop_prefix(name):
    return name.rpartition(":")[2]


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
