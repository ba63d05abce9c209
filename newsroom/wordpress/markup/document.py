"""Blocks and runs of text: the form between a tree of any HTML and the HTML that is written.

Whatever goes in, what comes out nests rightly, because nesting is made here and not copied.
"""

import re
from dataclasses import dataclass, field
from html import escape

from newsroom.wordpress.markup.autop import LINE_BREAK, PARAGRAPH_BREAK

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
    def opening(self):
        if self.tag != "a":
            return f"<{self.tag}>"
        title = f' title="{escape(self.title)}"' if self.title else ""
        return f'<a href="{escape(self.href)}"{title}>'


@dataclass(slots=True)
class Run:
    text: str
    marks: tuple[Mark, ...] = ()


@dataclass(slots=True)
class Paragraph:
    """A line of runs and breaks."""

    runs: list

    def html(self):
        return f"<p>{inline_html(self.runs)}</p>"


@dataclass(slots=True)
class Block:
    """Something else than a paragraph, already HTML."""

    tag: str
    code: str

    def html(self):
        return self.code


@dataclass(slots=True)
class Picture:
    """An image of the library with its caption; ``href`` is where it led as a link."""

    file_id: int
    alt: str = ""
    href: str = ""
    caption: list = field(default_factory=list)

    def html(self):
        caption = self.caption
        if self.href and not any(mark.href for run in _runs(caption) for mark in run.marks):
            link = Mark("a", self.href)
            texts = caption or [Run(self.alt or self.href)]
            caption = [run if run is BREAK else Run(run.text, (link, *run.marks)) for run in texts]
        text = inline_html(caption)
        figcaption = f"<figcaption>{text}</figcaption>" if text else ""
        image = f'<img data-file="{self.file_id}" alt="{escape(self.alt)}">'
        return f"<figure>{image}{figcaption}</figure>"


class Flow:
    """Collects text and blocks in the order they are read."""

    def __init__(self):
        self.blocks = []
        self._runs = []

    def text(self, text, marks=()):
        for piece in BREAKS.split(text):
            if piece == PARAGRAPH_BREAK:
                self.end_paragraph()
            elif piece == LINE_BREAK:
                self.line_break()
            elif piece:
                self._runs.append(Run(piece, marks))

    def line_break(self):
        self._runs.append(BREAK)

    def block(self, block):
        self.end_paragraph()
        self.blocks.append(block)

    def end_paragraph(self):
        """Close the paragraph; two breaks in a row and a lone address part it further."""
        runs, self._runs = self._runs, []
        for group in _groups(_lines(runs)):
            self.blocks.append(Paragraph(group))

    def finished(self):
        self.end_paragraph()
        return self.blocks


def blocks_html(blocks):
    return "".join(block.html() for block in blocks)


def cell_html(blocks):
    """Return the HTML of a list item or table cell: one paragraph stands there without ``<p>``."""
    first, rest = blocks[:1], blocks[1:]
    lists_follow = all(isinstance(block, Block) and block.tag in {"ul", "ol"} for block in rest)
    if first and isinstance(first[0], Paragraph) and lists_follow:
        return inline_html(first[0].runs) + blocks_html(rest)
    return blocks_html(blocks)


def phrasing(blocks):
    """Return (runs of all paragraphs, the other blocks), for places that take no blocks."""
    runs, others = [], []
    for block in blocks:
        if not isinstance(block, Paragraph):
            others.append(block)
            continue
        if runs:
            runs.append(BREAK)
        runs += block.runs
    return runs, others


def inline_html(runs):
    pieces = []
    opened = ()
    for run in runs:
        marks = opened if run is BREAK else run.marks
        shared = 0
        while shared < min(len(opened), len(marks)) and opened[shared] == marks[shared]:
            shared += 1
        pieces += [f"</{mark.tag}>" for mark in reversed(opened[shared:])]
        pieces += [mark.opening for mark in marks[shared:]]
        pieces.append("<br>" if run is BREAK else escape(run.text, quote=False))
        opened = marks
    pieces += [f"</{mark.tag}>" for mark in reversed(opened)]
    return "".join(pieces)


def _runs(items):
    return [item for item in items if item is not BREAK]


def _lines(runs):
    """Return the lines between breaks with their white space folded and trimmed."""
    lines = [[]]
    for run in runs:
        if run is BREAK:
            lines.append([])
        else:
            lines[-1].append(run)
    return [_folded(line) for line in lines]


def _folded(line):
    folded = []
    after_space = True
    for run in line:
        text = SPACES.sub(" ", run.text)
        if after_space:
            text = text.removeprefix(" ")
        if text:
            folded.append(Run(text, run.marks))
            after_space = text.endswith(" ")
    if folded and folded[-1].text.endswith(" "):
        last = folded.pop()
        if last.text != " ":
            folded.append(Run(last.text[:-1], last.marks))
    if not "".join(run.text for run in folded).strip():
        return []
    return folded


def _groups(lines):
    """Yield the runs of each paragraph that some lines make."""
    group = []
    for line in lines:
        if line and not _is_address(line):
            group += [BREAK, *line] if group else line
            continue
        if group:
            yield group
            group = []
        if line:
            yield line
    if group:
        yield group


def _is_address(line):
    """Whether a line is nothing but an address: WordPress shows such a page embedded."""
    return len(line) == 1 and bool(URL.fullmatch(line[0].text))
