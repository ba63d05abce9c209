"""What a page adds to the body of an article: anchors at its headings, and which cells of its
tables hold numbers."""

import re
from dataclasses import dataclass

from django.utils.safestring import mark_safe

from articles.body import parsed, serialised

NUMBER = re.compile(r"[-+−±△▲]?[\d０-９][\d０-９.,，]*\s?[%％]?")
FEWEST = 2  # headings that are worth a table of contents


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the body: its level (2 or 3), its text and the id that it has in the page."""

    level: int
    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Dressed:
    html: str
    contents: list[Heading]


def dressed(html):
    """Return rendered HTML ready for its page, with its headings as far as they are worth listing.

    The HTML must be safe already; nothing is added to it but ids and classes.
    """
    if not html:
        return Dressed("", [])
    root = parsed(html)
    contents = [_anchored(heading, place) for place, heading in _headings(root)]
    for table in root.xpath(".//table"):
        _align_numbers(table)
    for credit in root.xpath(".//figcaption/span[@class='credit']"):
        _part_from_credit(credit)
    safe = mark_safe(serialised(root))
    return Dressed(safe, contents if len(contents) >= FEWEST else [])


def _headings(root):
    return enumerate((heading for heading in root.xpath(".//h2 | .//h3")), start=1)


def _anchored(heading, place):
    anchor = f"section-{place}"
    heading.set("id", anchor)
    return Heading(int(heading.tag[1]), heading.text_content().strip(), anchor)


def _part_from_credit(credit):
    """Put the words of a caption into an element of their own beside the credit."""
    caption = credit.getparent()
    words = caption.makeelement("span")
    words.text, caption.text = caption.text, None
    words.extend(child for child in caption if child is not credit)
    if words.text or len(words):
        caption.insert(0, words)


def _align_numbers(table):
    """Mark the columns that hold nothing but numbers below their heads, the first one apart: it
    names the rows."""
    head, *rows = table.xpath(".//tr") or [None]
    if not rows or table.xpath(".//*[@colspan > 1 or @rowspan > 1]"):
        return
    for column in range(1, len(head)):
        cells = [row[column] for row in rows if column < len(row)]
        if cells and all(NUMBER.fullmatch(cell.text_content().strip()) for cell in cells):
            for cell in (head[column], *cells):
                cell.set("class", "number")
