"""What others show of an article: the result of a search engine, and the card of a link.

Both are read from the head of the page itself, so that the preview shows what the page says.
"""

from dataclasses import dataclass
from unicodedata import east_asian_width
from urllib.parse import unquote, urlsplit

from django.conf import settings
from lxml import html as lxml_html

TITLE, DESCRIPTION = 30, 120  # full-width characters that search engines show at most


@dataclass(frozen=True, slots=True)
class Line:
    """A text with its length in full-width characters, and how many of them are shown."""

    text: str
    most: int

    @property
    def length(self):
        halves = sum(2 if east_asian_width(letter) in "WFA" else 1 for letter in self.text)
        return (halves + 1) // 2

    @property
    def is_long(self):
        return self.length > self.most


@dataclass(frozen=True, slots=True)
class Showcase:
    """The head of a page as others show it."""

    title: Line
    description: Line
    address: str
    steps: list
    card_title: str
    card_description: str
    picture: str
    picture_alt: str
    host: str


def read_showcase(html):
    """Return the ``Showcase`` of a page, None for a page without the card of an article."""
    head = lxml_html.document_fromstring(html).find("head")
    card = {meta.get("property"): meta.get("content") for meta in head.xpath("meta[@property]")}
    if "og:title" not in card:
        return None
    address = urlsplit(card["og:url"])
    return Showcase(
        title=Line(head.findtext("title").strip(), TITLE),
        description=Line(head.xpath("string(meta[@name='description']/@content)"), DESCRIPTION),
        address=unquote(card["og:url"]),
        steps=[unquote(part) for part in address.path.split("/") if part],
        card_title=card["og:title"],
        card_description=card.get("og:description", ""),
        picture=card["og:image"].removeprefix(settings.SITE_URL),
        picture_alt=card.get("og:image:alt", ""),
        host=address.hostname,
    )
