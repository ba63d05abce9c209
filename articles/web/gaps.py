"""Gaps: the places of a page whose content changes while the rest of the page stays.

The page of an article shows other articles, how many comments they have, and the rankings of the
site. Its HTML holds a mark at these places, and the page is rendered again only where the rest
changes (``newsroom.page_cache``). A gap is a list of articles, which every edition of the site may
change, or a figure, which may be some seconds old. Lists hold marks too. Those who render a kind
of gap register how. Other gaps hold a part of the page itself that changes more often than the
rest: the thread. They are filled with the page, and again by those who know what they hold.
"""

import pickle
import re
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from secrets import token_hex
from typing import NamedTuple

NOTED = "newsroom.gaps"  # a variable of a request: the ``Filling`` of its page, for the page cache
_HELD = "newsroom.held"  # a variable of a request: what its gaps hold of the page itself
SHORT = 500  # characters of a content that many pages have, as a count of comments
# No text that anybody wrote has this process's token.
_TOKEN = token_hex(8)
_MARK = re.compile(f"\ue010{_TOKEN}:([a-z-]+):([0-9]*)\ue011")
_FILLERS, _LISTS = {}, set()


def fills(*kinds, is_list=False):
    """Decorate a function that renders some kinds of gaps: lists of articles, or figures. It takes
    the gaps of a page, pairs of kind and number, and the ``Parts`` that all pages of the edition
    share (``articles.web.editions``), and returns {gap: HTML}."""

    def register(fill):
        _FILLERS.update(dict.fromkeys(kinds, fill))
        _LISTS.update(kinds if is_list else ())
        return fill

    return register


def mark_gap(kind, number=0):
    """Return the mark of a gap."""
    return f"\ue010{_TOKEN}:{kind}:{number}\ue011"


def hold_in_gap(request, kind, number, html):
    """Return the mark of a gap that holds a part of the page of a request itself."""
    request.META.setdefault(_HELD, {})[kind, number] = html
    return mark_gap(kind, number)


class Gap(NamedTuple):
    """A gap by its name, a pair of kind and number; its place in the bytes of the page, or of the
    gap around it; a digest of its content; and the gaps inside."""

    name: tuple
    start: int
    end: int
    digest: bytes
    inside: tuple = ()

    @property
    def is_list(self):
        return self.name[0] in _LISTS

    @property
    def is_of_page(self):
        """Whether it holds a part of the page itself."""
        return self.name[0] not in _FILLERS


class Gaps(tuple):
    """The gaps of a page, in their order."""

    @property
    def names(self):
        """The names of lists and figures."""
        return {gap.name for gap in self if not gap.is_of_page}

    @property
    def figures(self):
        """The names of the figures, of those in lists too."""
        inside = {each.name for gap in self for each in gap.inside}
        return inside | {name for name in self.names if name[0] not in _LISTS}

    def is_changed_by(self, contents):
        """Whether contents, by name, are others than those of the page."""
        return any(
            gap.digest != _digest(contents[gap.name])
            for outer in self
            for gap in (outer, *outer.inside)
            if gap.name in contents
        )


@dataclass(frozen=True, slots=True)
class Filling:
    """The gaps of a page, packed: the garbage collector would look at each gap of each page in
    memory again and again. ``until``: when its lists change by themselves, in Unix time;
    ``has_parts``: whether gaps hold a part of the page itself."""

    packed: bytes
    until: float
    has_parts: bool

    @classmethod
    def pack(cls, gaps, until):
        return cls(pickle.dumps(tuple(gaps)), until, any(gap.is_of_page for gap in gaps))

    def unpack(self):
        return Gaps(pickle.loads(self.packed))


def fill_page(request, html, parts):
    """Return the bytes of a page whose HTML has marks, and note its gaps in the request."""
    held = request.META.get(_HELD, {})
    page, gaps = _put_into(html, held | render_gaps(_find_marks(html) - held.keys(), parts))
    request.META[NOTED] = Filling.pack(gaps, parts.until)
    return page


def render_gaps(names, parts):
    """Return {name: HTML with marks} of some gaps, and of the gaps inside them."""
    contents = {}
    while names:
        by_filler = {}
        for name in names:
            by_filler.setdefault(_FILLERS[name[0]], []).append(name)
        filled = {}
        for fill, wanted in by_filler.items():
            filled |= fill(wanted, parts)
        contents |= filled
        names = {inside for html in filled.values() for inside in _find_marks(html)}
        names -= contents.keys()
    return contents


def refill_page(gaps, page, contents):
    """Return the bytes and the gaps of a page with new contents in some of its gaps."""
    pieces, renewed, end, size = [], [], 0, 0
    for gap in gaps:
        before, digest = page[end : gap.start], gap.digest
        if gap.name in contents:
            html, inside = _put_into(contents[gap.name], contents)
            digest = _digest(contents[gap.name])
        else:
            html, inside = refill_page(gap.inside, page[gap.start : gap.end], contents)
        start = size + len(before)
        size, end = start + len(html), gap.end
        pieces += [before, html]
        renewed.append(Gap(gap.name, start, size, digest, inside))
    return b"".join([*pieces, page[end:]]), tuple(renewed)


def _find_marks(html):
    return {(kind, int(number)) for kind, number in _MARK.findall(html)}


def _put_into(html, contents):
    """Return the bytes and the gaps of HTML with marks."""
    parts = _MARK.split(html)  # text, kind, number, text, kind, number, text …
    pieces, gaps = [parts[0].encode()], []
    size = len(pieces[0])
    for kind, number, text in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
        name = kind, int(number)
        inner, inside = _put_into(contents[name], contents)
        gaps.append(Gap(name, size, size + len(inner), _digest(contents[name]), inside))
        pieces += [inner, text.encode()]
        size += len(inner) + len(pieces[-1])
    return b"".join(pieces), tuple(gaps)


def _digest(html):
    """Return what tells HTML with marks from other HTML, in any process."""
    return _digest_short(html) if len(html) < SHORT else _compute_digest(html)


@lru_cache(4_096)
def _digest_short(html):
    return _compute_digest(html)


def _compute_digest(html):
    return blake2b(html.replace(_TOKEN, "").encode(), digest_size=8).digest()
