"""The body of an article as units: paragraphs, list items, table rows, pictures, captions.

A unit is a list of words. A word knows the elements that it stands in, so that a link with another
target and a word that became bold differ from what they were. A ruby and its base are one word, and
so is a formula.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from lxml.html import tostring

from articles.body.formulas import read_formula
from articles.web.html import parse_html, remove_unprintable
from articles.web.text_diff import split_words

PARAGRAPH = "p"
UNITS = {
    **{tag: tag for tag in ("p", "h2", "h3", "h4", "li", "pre", "dt", "dd")},
    "h1": "h2",
    "h5": "h4",
    "h6": "h4",
    "tr": "row",
    "figcaption": "caption",
    "caption": "caption",
}
CONTAINERS = {
    *("ul", "ol", "blockquote", "table", "thead", "tbody", "tfoot", "dl", "div", "figure"),
    "section",
}
NAMES = {
    "p": _("Paragraph"),
    "h2": _("Heading"),
    "h3": _("Subheading"),
    "h4": _("Small heading"),
    "li": _("List item"),
    "pre": pgettext_lazy("block", "Code"),
    "dt": _("Term"),
    "dd": pgettext_lazy("block", "Description"),
    "row": _("Table row"),
    "caption": _("Caption"),
    "image": _("Picture"),
    "rule": _("Rule"),
}
MARKS = {"strong", "em", "s", "sub", "sup", "code", "cite"}
SAME_MARKS = {"b": "strong", "i": "em", "del": "s", "strike": "s"}
SPANS = ("colspan", "rowspan")


class Word(NamedTuple):
    """A word, or a thing that stands among words: a picture, a line break, the start of a cell.

    ``marks`` are (element, value) from the outer to the inner, with the target of a link, the
    reading of a ruby, the code of a formula or the file of a picture as the value.
    """

    text: str
    marks: tuple = ()

    def read_mark(self, name):
        return next((value for mark, value in self.marks if mark == name), None)


@dataclass
class Unit:
    """``kind`` is a value of ``UNITS``, "image" or "rule"; ``place`` are the lists and quotes that
    it stands in, from the outer to the inner."""

    kind: str
    place: tuple = ()
    words: list = field(default_factory=list)

    @property
    def text(self):
        return "".join(word.text for word in self.words)

    @cached_property
    def counts(self):
        """How often it has which words."""
        return Counter(word.text for word in self.words)

    @property
    def content(self):
        """What is equal in units that readers cannot tell apart."""
        return self.kind, self.place, tuple(self.words)

    @property
    def name(self):
        """What editors call it."""
        name = NAMES[self.kind]
        if self.kind == "li" and self.place[-1:] == ("ol",):
            name = gettext("Numbered item")
        if "blockquote" not in self.place:
            return name
        if self.kind == PARAGRAPH:
            return gettext("Quote")
        return gettext("%(name)s in a quote") % {"name": name}


def read_units(html):
    """Return the units of a stored body in their order."""
    reader = _Reader()
    reader.read_blocks(parse_html(html), PARAGRAPH, ())
    return reader.units


def build_unit(kind, text):
    """Return a text without elements as a unit."""
    return Unit(kind, (), [Word(word) for word in split_words(remove_unprintable(text))])


class _Reader:
    def __init__(self):
        self.units, self.words = [], []
        self.known = defaultdict(dict)  # words by their marks: each is made once

    def read_blocks(self, element, kind, place):
        """Read an element that may hold blocks. What stands between them is a unit of its kind."""
        self._add_text(element.text, (), kind)
        for child in element:
            self._read_child(child, kind, place)
            self._add_text(child.tail, (), kind)
        self._end(kind, place)

    def _read_child(self, child, kind, place):
        tag = child.tag
        if tag == "hr":
            self._end(kind, place)
            self.units.append(Unit("rule", place))
        elif tag == "tr":
            self._end(kind, place)
            self._read_row(child, place)
        elif tag in CONTAINERS or tag in UNITS:
            self._end(kind, place)
            inside = (*place, tag) if tag in {"ul", "ol", "blockquote"} else place
            inner = UNITS.get(tag, kind if kind != "li" else PARAGRAPH)
            self.read_blocks(child, "image" if tag == "figure" else inner, inside)
        else:
            self._add_inline(child, (), kind)

    def _read_row(self, row, place):
        for cell in row:
            spans = [f"{name}={cell.get(name)}" for name in SPANS if cell.get(name, "1") != "1"]
            self.words.append(Word("", (("cell", " ".join([str(cell.tag), *spans])),)))
            self._add_inline(cell, (), "row")
        self._end("row", place)

    def _add_inline(self, element, marks, kind):
        """Add the words of an element that holds no blocks; blocks in cells are lines."""
        tag = SAME_MARKS.get(element.tag, element.tag)
        if not isinstance(tag, str):
            return  # a comment
        if tag == "ruby":
            self._add_ruby(element, marks)
        elif tag == "math":
            code = tostring(element, encoding="unicode", with_tail=False)
            self.words.append(Word(read_formula(element), (*marks, ("math", code))))
        elif tag == "img":
            file = element.get("data-file", "")
            self.words.append(Word(element.get("alt") or "", (*marks, ("img", file))))
        elif tag == "br":
            self.words.append(Word("\n"))
        else:
            self._add_children(element, (*marks, *_read_marks(element, tag)), kind)

    def _add_children(self, element, marks, kind):
        if element.tag in UNITS and self.words and self.words[-1].read_mark("cell") is None:
            self.words.append(Word("\n"))
        self._add_text(element.text, marks, kind)
        for child in element:
            self._add_inline(child, marks, kind)
            self._add_text(child.tail, marks, kind)

    def _add_ruby(self, element, marks):
        reading = "".join(rt.text_content() for rt in element.iter("rt"))
        base = element.text or ""
        for child in element:
            base += "" if child.tag in {"rt", "rp"} else child.text_content()
            base += child.tail or ""
        self.words.append(Word("".join(base.split()), (*marks, ("ruby", reading.strip()))))

    def _add_text(self, text, marks, kind):
        if not text:
            return
        if kind != "pre":
            text = _collapse_spaces(text)
            if text.startswith(" ") and (not self.words or self.words[-1].text.endswith(" ")):
                text = text[1:]
        known = self.known[marks]
        self.words += [
            known.get(word) or known.setdefault(word, Word(word, marks))
            for word in split_words(text)
        ]

    def _end(self, kind, place):
        """End the unit that the words so far belong to, if there are any."""
        words, self.words = self.words, []
        if kind != "pre":
            while words and words[-1] in {Word(" "), Word("\n")}:
                words.pop()
        if words:
            is_image = kind == "image" and any(word.read_mark("img") is not None for word in words)
            kind = PARAGRAPH if kind == "image" and not is_image else kind
            self.units.append(Unit(kind, place, words))


def _collapse_spaces(text):
    """Collapse what HTML shows as one space, but not the full-width spaces of Japanese."""
    if not any(space in text for space in " \t\r\n"):
        return text
    start = " " if text[0] in " \t\r\n" else ""
    end = " " if text[-1] in " \t\r\n" else ""
    words = text.replace("\t", " ").replace("\r", " ").replace("\n", " ").split(" ")
    return f"{start}{' '.join(filter(None, words))}{end}" if any(words) else " "


def _read_marks(element, tag):
    if tag == "a" and element.get("href"):
        return (("a", element.get("href")),)
    return ((tag, ""),) if tag in MARKS else ()
