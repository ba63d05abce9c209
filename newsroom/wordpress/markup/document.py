"""Paragraphs, blocks and runs of text: the form between a tree of any HTML and the HTML written.

The output is well nested for any input, because its elements are built here and not copied.
"""

import re
from dataclasses import dataclass, field, replace
from html import escape
from itertools import takewhile

from newsroom.importing.dom import LINE_BREAK, PARAGRAPH_BREAK

SPACES = re.compile(r"[ \t\n\r\f]+")
BREAKS = re.compile(f"({LINE_BREAK}|{PARAGRAPH_BREAK})")
URL = re.compile(r"https?://[^\s<>\"]{3,2000}")
BREAK = object()


@dataclass(frozen=True, slots=True)
class Mark:
    """An inline element around a run of text."""

    tag: str
    href: str = ""
    title: str = ""

    @property
    def opening_tag(self):
        if self.tag != "a":
            return f"<{self.tag}>"
        title = f' title="{escape(self.title)}"' if self.title else ""
        return f'<a href="{escape(self.href)}"{title}>'


@dataclass(slots=True)
class Run:
    """A text, or with ``html`` one piece that says it: a ruby or a formula."""

    text: str
    marks: tuple[Mark, ...] = ()
    html: str = ""

    def serialize(self):
        return self.html or escape(self.text, quote=False)


@dataclass(slots=True)
class Paragraph:
    """Runs and breaks."""

    runs: list
    anchor: str = ""

    def serialize(self):
        return f"<p{serialize_anchor(self.anchor)}>{serialize_inline(self.runs)}</p>"


@dataclass(slots=True)
class Block:
    """Any block that is already HTML."""

    tag: str
    html: str

    def serialize(self):
        return self.html


@dataclass(slots=True)
class Picture:
    """An image of the library with its caption; ``href`` is the target of the link around it."""

    file_id: int
    alt: str = ""
    href: str = ""
    caption: list = field(default_factory=list)

    def serialize(self):
        caption = self.caption
        is_linked = any(mark.href for run in caption if run is not BREAK for mark in run.marks)
        if self.href and not is_linked:
            link = Mark("a", self.href)
            runs = caption or [Run(self.alt or self.href)]
            caption = [
                run if run is BREAK else replace(run, marks=(link, *run.marks)) for run in runs
            ]
        text = serialize_inline(caption)
        figcaption = f"<figcaption>{text}</figcaption>" if text else ""
        image = f'<img data-file="{self.file_id}" alt="{escape(self.alt)}">'
        return f"<figure>{image}{figcaption}</figure>"


class Flow:
    """Collects text and blocks in their order.

    An anchor goes to the paragraph that it is in, or to the next one.
    """

    def __init__(self):
        self.blocks = []
        self._lines = [[]]
        self._anchor = ""

    def add_anchor(self, anchor):
        self._anchor = self._anchor or anchor

    def take_anchor(self):
        anchor, self._anchor = self._anchor, ""
        return anchor

    def add_text(self, text, marks=()):
        for piece in BREAKS.split(text):
            if piece == PARAGRAPH_BREAK:
                self.end_paragraph()
            elif piece == LINE_BREAK:
                self.break_line()
            elif piece:
                self._lines[-1].append(Run(piece, marks))

    def add_piece(self, html, text, marks=()):
        """Add HTML that stands in a line like a word."""
        self._lines[-1].append(Run(text, marks, html))

    def break_line(self):
        self._lines.append([])

    def add(self, *blocks):
        if blocks:
            self.end_paragraph()
            self.blocks += blocks

    def end_paragraph(self):
        """End the paragraph; two breaks in a row and an address on its own line divide it."""
        lines, self._lines = self._lines, [[]]
        for runs in _group_lines(map(_fold_spaces, lines)):
            self.blocks.append(Paragraph(runs, self.take_anchor()))

    def finish(self):
        self.end_paragraph()
        return self.blocks


def serialize_anchor(anchor):
    return f' id="{escape(anchor)}"' if anchor else ""


def serialize_blocks(blocks):
    return "".join(block.serialize() for block in blocks)


def serialize_cell(blocks):
    """Return the HTML of a list item or table cell, whose only paragraph needs no ``<p>``."""
    first, rest = blocks[:1], blocks[1:]
    lists_follow = all(isinstance(block, Block) and block.tag in {"ul", "ol"} for block in rest)
    is_plain = first and isinstance(first[0], Paragraph) and not first[0].anchor
    if is_plain and lists_follow:
        return serialize_inline(first[0].runs) + serialize_blocks(rest)
    return serialize_blocks(blocks)


def split_phrasing(blocks):
    """Return (runs of all paragraphs, the other blocks), for elements that hold no blocks."""
    runs, others = [], []
    for block in blocks:
        if isinstance(block, Paragraph):
            runs += [BREAK, *block.runs] if runs else block.runs
        else:
            others.append(block)
    return runs, others


def serialize_inline(runs):
    pieces = []
    opened = ()
    for run in runs:
        marks = opened if run is BREAK else run.marks
        pairs = zip(opened, marks, strict=False)
        shared = sum(1 for _pair in takewhile(lambda pair: pair[0] == pair[1], pairs))
        pieces += [f"</{mark.tag}>" for mark in reversed(opened[shared:])]
        pieces += [mark.opening_tag for mark in marks[shared:]]
        pieces.append("<br>" if run is BREAK else run.serialize())
        opened = marks
    pieces += [f"</{mark.tag}>" for mark in reversed(opened)]
    return "".join(pieces)


def _fold_spaces(line):
    """Return a line with its white space folded and trimmed."""
    folded = []
    after_space = True
    for run in line:
        if run.html:
            folded.append(run)
            after_space = False
            continue
        text = SPACES.sub(" ", run.text)
        if after_space:
            text = text.removeprefix(" ")
        if text:
            folded.append(Run(text, run.marks))
            after_space = text.endswith(" ")
    if not any(run.text.strip() for run in folded):
        return []
    if not folded[-1].html:
        folded[-1].text = folded[-1].text.removesuffix(" ")
    return [run for run in folded if run.text]


def _group_lines(lines):
    """Yield the runs of each paragraph that some lines make."""
    group = []
    for line in lines:
        # WordPress embeds the page of an address that is alone on its line.
        is_address = len(line) == 1 and URL.fullmatch(line[0].text)
        if line and not is_address:
            group += [BREAK, *line] if group else line
            continue
        if group:
            yield group
            group = []
        if line:
            yield line
    if group:
        yield group
