"""The body on the page of an article: its table of contents, its tables and its reading time."""

import re
from dataclasses import dataclass
from hashlib import sha256

from django.conf import settings
from django.core.cache import cache
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from articles.body.stored import find_file_ids, render_body
from articles.headline_phrases import split_phrases
from articles.models import MediaFile, compiled
from articles.pictures import Picture
from articles.web.html import parse_html, serialize_html
from articles.web.languages import TextInLanguage, mark_phrases

NUMBER = re.compile(r"[-+−±△▲]?[\d０-９][\d０-９.,，]*\s?[%％]?")
FEWEST = 5  # headings of a table of contents
CJK = re.compile(r"[々〆ヶ\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff]")
WORD = re.compile(r"[^\W々〆ヶ\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff]+")
CHARACTERS, WORDS = 500, 238  # read in a minute
DAY = 86_400  # seconds


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the body with its level (2 or 3) and its id in the page."""

    level: int
    text: TextInLanguage
    anchor: str


@dataclass(frozen=True, slots=True)
class PageBody:
    html: str
    contents: list[Heading]
    minutes: int = 0


def load_page_body(article):
    """Return the body of an article's page, cached by all that it depends on. One query if the body
    has pictures."""
    ids = find_file_ids(article.body)
    files = {file.pk: file for file in _files(sorted(ids)) if file.is_image} if ids else {}
    looks = [(Picture.of(file), file.caption, file.copyright) for file in files.values()]
    parts = (get_language(), settings.SITE_URL, article.body, looks)
    key = f"body:{sha256(repr(parts).encode()).hexdigest()}"
    body = cache.get(key)
    if body is None:
        body = build_page_body(render_body(article.body, files))
        cache.set(key, body, DAY)
    return body


def build_page_body(html):
    """Return a rendered body with anchors, marked number columns and a table of contents.

    The HTML must be safe already: only ids, classes and spans are added.
    """
    if not html:
        return PageBody("", [])
    root = parse_html(html)
    headings = enumerate(root.xpath(".//h2 | .//h3"), start=1)
    contents = [_add_anchor(heading, number) for number, heading in headings]
    for table in root.xpath(".//table"):
        _align_numbers(table)
    for credit in root.xpath(".//figcaption/span[@class='credit']"):
        _wrap_caption(credit)
    return PageBody(
        html=mark_safe(serialize_html(root)),
        contents=contents if len(contents) >= FEWEST else [],
        minutes=estimate_minutes(root.text_content()),
    )


def estimate_minutes(text):
    """Return the reading time of a text in minutes, at least one.

    For Japanese this takes the 500 characters a minute of Medium's reading time for Chinese,
    Japanese and Korean, for other scripts the 238 words of English non-fiction in
    M. Brysbaert, "How many words do we read per minute?", Journal of Memory and Language 109
    (2019).
    """
    minutes = len(CJK.findall(text)) / CHARACTERS + len(WORD.findall(text)) / WORDS
    return max(1, round(minutes))


def _add_anchor(heading, number):
    anchor = heading.get("id") or f"section-{number}"  # of an imported text: its own
    heading.set("id", anchor)
    text = heading.text_content().strip()
    phrases = split_phrases(text)
    if phrases and not len(heading):
        marked = parse_html(mark_phrases(phrases))
        heading.text = marked.text
        heading.extend(marked)
    return Heading(
        int(heading.tag[1]), TextInLanguage(text, "ja" if phrases else "", phrases), anchor
    )


def _wrap_caption(credit):
    """Put the text of a caption into an element of its own, beside the credit."""
    caption = credit.getparent()
    words = caption.makeelement("span")
    words.text, caption.text = caption.text, None
    words.extend(child for child in caption if child is not credit)
    if words.text or len(words):
        words.tail = " "  # for those who copy the text
        caption.insert(0, words)


def _align_numbers(table):
    """Mark the columns that hold only numbers. The first column names the rows and is left out."""
    head, *rows = table.xpath(".//tr") or [None]
    if not rows or table.xpath(".//*[@colspan > 1 or @rowspan > 1]"):
        return
    for column in range(1, len(head)):
        cells = [row[column] for row in rows if column < len(row)]
        if cells and all(NUMBER.fullmatch(cell.text_content().strip()) for cell in cells):
            for cell in (head[column], *cells):
                cell.set("class", cell.get("class") or "number")  # it may be aligned already


@compiled.rows
def _files(keys):
    return MediaFile.objects.filter(pk__in=compiled.each_of(keys))
