"""Gaps: the places of a page whose content changes while the rest of the page stays.

The page of an article shows how many comments other articles have, and the rankings of the site.
Its HTML holds a mark at these places, and the page is rendered again only where the rest changes
(``newsroom.page_cache``). Those who render a kind of gap register how.
"""

import re
from dataclasses import dataclass
from secrets import token_hex

NOTED = "newsroom.gaps"  # a variable of a request: the gaps of its page, for the page cache
# No text that anybody wrote has this process's token.
_TOKEN = token_hex(8)
_MARK = re.compile(f"\ue010{_TOKEN}:([a-z-]+):([0-9]*)\ue011")
_FILLERS = {}


def fills(kind):
    """Decorate a function that takes the numbers of a page's gaps of this kind, a list of integers,
    and returns {number: HTML}."""

    def register(fill):
        _FILLERS[kind] = fill
        return fill

    return register


def mark_gap(kind, number=0):
    """Return the mark of a gap."""
    return f"\ue010{_TOKEN}:{kind}:{number}\ue011"


@dataclass(frozen=True, slots=True)
class Gap:
    """A gap by its kind and number, and its place in the bytes of the whole page."""

    kind: str
    number: int
    start: int
    html: bytes


def fill_page(request, html):
    """Return the bytes of a page whose HTML has marks, and note its gaps in the request."""
    parts = _MARK.split(html)  # text, kind, number, text, kind, number, text …
    wanted = [(kind, int(number)) for kind, number in zip(parts[1::3], parts[2::3], strict=True)]
    contents = render_gaps(wanted)
    gaps, page = [], [parts[0].encode()]
    size = len(page[0])
    for gap, text in zip(wanted, parts[3::3], strict=True):
        gaps.append(Gap(*gap, size, contents[gap]))
        page += [contents[gap], text.encode()]
        size += len(page[-2]) + len(page[-1])
    request.META[NOTED] = tuple(gaps)
    return b"".join(page)


def render_gaps(wanted):
    """Return {(kind, number): HTML as bytes} of some gaps. One query for each kind."""
    numbers = {}
    for kind, number in wanted:
        numbers.setdefault(kind, {})[number] = None
    contents = {}
    for kind, of_kind in numbers.items():
        for number, html in _FILLERS[kind](list(of_kind)).items():
            contents[kind, number] = html.encode()
    return contents


def refill_page(gaps, page, contents):
    """Return the gaps and the bytes of a page with new contents in its gaps."""
    renewed, pieces, end, size = [], [], 0, 0
    for gap in gaps:
        html = contents[gap.kind, gap.number]
        before = page[end : gap.start]
        renewed.append(Gap(gap.kind, gap.number, size + len(before), html))
        pieces += [before, html]
        size += len(before) + len(html)
        end = gap.start + len(gap.html)
    return tuple(renewed), b"".join([*pieces, page[end:]])
