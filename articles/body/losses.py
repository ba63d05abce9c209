"""What saving a body would leave out, to ask about it first."""

from dataclasses import dataclass
from html.parser import HTMLParser

from django.utils.translation import ngettext

from articles.body.foreign import convert_foreign
from articles.body.stored import load_files, read_file_id
from articles.web.html import parse_html

SHOWN = 3  # addresses in a sentence
LONGEST = 60  # characters of an address


@dataclass(frozen=True, slots=True)
class Losses:
    """The addresses of pictures that are not in the library, and the number of other parts."""

    pictures: tuple[str, ...] = ()
    parts: int = 0

    def __bool__(self):
        return bool(self.pictures or self.parts)

    @property
    def sentences(self):
        sentences = []
        if self.pictures:
            named = [_shorten(address) for address in self.pictures[:SHOWN] if address]
            sentence = ngettext(
                "%d picture comes from elsewhere.",
                "%d pictures come from elsewhere.",
                len(self.pictures),
            )
            sentences.append(" ".join([sentence % len(self.pictures), ", ".join(named)]).strip())
        if self.parts:
            sentence = ngettext(
                "%d part is of a kind that an article cannot hold, such as a drawing or a form.",
                "%d parts are of a kind that an article cannot hold, such as a drawing or a form.",
                self.parts,
            )
            sentences.append(sentence % self.parts)
        return sentences


def find_losses(html):
    """Return the ``Losses`` of a body that was sent. At most one query."""
    known = load_files(html)
    images = parse_html(convert_foreign(html)).iter("img")
    pictures = [each.get("src", "") for each in images if read_file_id(each) not in known]
    finder = _PartFinder()
    finder.feed(html)
    finder.close()
    return Losses(tuple(pictures), finder.count)


def _shorten(address):
    text = address.partition(",")[0] if address.startswith("data:") else address
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


class _PartFinder(HTMLParser):
    """Counts elements whose content the sanitizer removes with them."""

    PARTS = {"svg", "select", "textarea", "canvas", "object", "embed"}

    def __init__(self):
        super().__init__()
        self.count = 0

    def handle_starttag(self, tag, attrs):
        self.count += tag in self.PARTS
