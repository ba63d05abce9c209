"""What a page adds to the body of an article: anchors at its headings, which cells of its tables
hold numbers, and how long it takes to read."""

import re
from dataclasses import dataclass

from django.utils.safestring import mark_safe

from articles.web.html import parse_html, serialize_html

NUMBER = re.compile(r"[-+−±△▲]?[\d０-９][\d０-９.,，]*\s?[%％]?")
FEWEST = 2  # headings that are worth a table of contents
CJK = re.compile(r"[々〆ヶ\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff]")
WORD = re.compile(r"[^\W々〆ヶ\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff]+")
CHARACTERS, WORDS = 500, 238  # that are read in a minute


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the body: its level (2 or 3), its text and the id that it has in the page."""

    level: int
    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class PageBody:
    html: str
    contents: list[Heading]
    minutes: int = 0


def build_page_body(html):
    """Return rendered HTML ready for its page, with its headings as far as they are worth listing.

    The HTML must be safe already; nothing is added to it but ids and classes.
    """
    if not html:
        return PageBody("", [])
    root = parse_html(html)
    contents = [_add_anchor(heading, place) for place, heading in _find_headings(root)]
    for table in root.xpath(".//table"):
        _align_numbers(table)
    for credit in root.xpath(".//figcaption/span[@class='credit']"):
        _wrap_caption(credit)
    safe = mark_safe(serialize_html(root))
    return PageBody(
        safe, contents if len(contents) >= FEWEST else [], estimate_minutes(root.text_content())
    )


def estimate_minutes(text):
    """Return how many minutes a text takes, at least one.

    Japanese characters go by the 500 a minute of Medium's reading time for Chinese, Japanese and
    Korean; words of other scripts by the 238 of silent reading of English non-fiction in
    M. Brysbaert, "How many words do we read per minute?", Journal of Memory and Language 109
    (2019).
    """
    minutes = len(CJK.findall(text)) / CHARACTERS + len(WORD.findall(text)) / WORDS
    return max(1, round(minutes))


def _find_headings(root):
    return enumerate((heading for heading in root.xpath(".//h2 | .//h3")), start=1)


def _add_anchor(heading, place):
    anchor = f"section-{place}"
    heading.set("id", anchor)
    return Heading(int(heading.tag[1]), heading.text_content().strip(), anchor)


def _wrap_caption(credit):
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
