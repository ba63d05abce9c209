"""Three-way merges: what two editors made of the same version of an article.

Both versions are compared with the version that both started from. What only one of them changed
is taken. Where both changed the same thing differently there is a conflict, which an editor
decides: one side, or for texts both, the own one first.
"""

from collections import namedtuple
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cached_property
from itertools import zip_longest

from lxml import html as lxml_html

from articles.web.html import parse_html
from articles.web.text_diff import find_blocks

MINE, THEIRS, BOTH = "mine", "theirs", "both"
MOST = 400  # differing blocks of two bodies
SIMILAR = 0.5  # from which ratio two blocks are one that was changed
UNTOLD = {"p", "tbody", "span", "colgroup", "col"}  # elements that two equal blocks may lack
MOST_PAIRS = 400  # of blocks that are compared with each other

Change = namedtuple("Change", ["side", "place"])  # what was taken from one side only


@dataclass
class Conflict:
    """A thing that both changed; each value is a list of blocks, or one value of a field."""

    name: str
    place: object
    base: object
    mine: object
    theirs: object
    allows_both: bool = False

    def choices(self):
        return [MINE, THEIRS, BOTH] if self.allows_both else [MINE, THEIRS]

    def resolve(self, choice):
        if choice == BOTH and self.allows_both:
            return self.mine + self.theirs
        return self.theirs if choice == THEIRS else self.mine


@dataclass
class Merge:
    """A merged value in parts: taken values, and conflicts in their places."""

    parts: list = field(default_factory=list)
    changes: list = field(default_factory=list)

    @property
    def conflicts(self):
        return [part for part in self.parts if isinstance(part, Conflict)]

    def resolve(self, choices):
        """Return the parts as one list; ``choices`` maps names of conflicts to sides."""
        merged = []
        for part in self.parts:
            is_conflict = isinstance(part, Conflict)
            merged += part.resolve(choices.get(part.name)) if is_conflict else part
        return merged


# One value


def merge_value(name, base, mine, theirs, *, allows_both=False):
    """Merge a value that is one whole. The merge has one part."""
    value = choose_side(base, mine, theirs)
    if value is None:
        conflict = Conflict(name, name, [base], [mine], [theirs], allows_both)
        return Merge([conflict])
    side, value = value
    return Merge([[value]], [Change(side, name)] if side else [])


def choose_side(base, mine, theirs, key=lambda value: value):
    """Return (side, value) of what only one side changed, or None for a conflict. The side is
    None if nothing or the same was changed."""
    if key(mine) == key(theirs):
        return None, mine if mine != base else theirs
    if key(mine) == key(base):
        return THEIRS, theirs
    if key(theirs) == key(base):
        return MINE, mine
    return None


# Sets and lists of named things


def merge_names(name, base, mine, theirs):
    """Merge lists without order or repetition: each addition and each removal is taken. Without a
    base nothing counts as removed."""
    base = list(base or [])
    kept = [value for value in mine if value in theirs or value not in base]
    added = [value for value in theirs if value not in mine and value not in base]
    merge = Merge([kept + added])
    if set(mine) != set(base) and set(mine) != set(theirs):
        merge.changes.append(Change(MINE, name))
    if set(theirs) != set(base) and set(mine) != set(theirs):
        merge.changes.append(Change(THEIRS, name))
    return merge


def merge_rows(name, base, mine, theirs, *, key):
    """Merge ordered rows that ``key(row)`` identifies: those of the own order, then the added."""
    bases, own, others = ({key(row): row for row in rows} for rows in (base, mine, theirs))
    is_mine_unmoved = [key(row) for row in mine if key(row) in bases] == [
        key(row) for row in base if key(row) in own
    ]
    leading, following = (others, own) if is_mine_unmoved else (own, others)
    merge = Merge()
    for identity in [*leading, *(identity for identity in following if identity not in leading)]:
        _merge_row(merge, name, bases.get(identity), own.get(identity), others.get(identity))
    return merge


def _merge_row(merge, name, base, mine, theirs):
    chosen = choose_side(base, mine, theirs)
    if chosen is None:
        sides = [[row] if row else [] for row in (base, mine, theirs)]
        merge.parts.append(Conflict(f"{name}-{len(merge.parts)}", name, *sides))
        return
    side, row = chosen
    merge.parts.append([row] if row else [])
    if side:
        merge.changes.append(Change(side, name))


# Bodies


def merge_bodies(name, base, mine, theirs):
    """Merge three HTML bodies by their top-level elements. The parts are lists of HTML."""
    bases = split_blocks(base)
    own, others = _Edits(bases, split_blocks(mine)), _Edits(bases, split_blocks(theirs))
    merge = Merge()
    for index, block in enumerate([*bases, None]):
        sides = own.added[index], others.added[index]
        _merge_blocks(merge, f"{name}-{index}-added", index, [], *sides, is_addition=True)
        if block is not None:
            sides = own.replaced[index], others.replaced[index]
            _merge_blocks(merge, f"{name}-{index}", index, [block], *sides)
    return merge


def _merge_blocks(merge, name, index, base, mine, theirs, *, is_addition=False):
    chosen = choose_side(base, mine, theirs, key=lambda blocks: [each.content for each in blocks])
    if chosen is None:
        has_both = bool(mine and theirs)
        place = index + (0 if is_addition else 1)
        merge.parts.append(Conflict(name, place, base, mine, theirs, allows_both=has_both))
        return
    side, blocks = chosen
    merge.parts.append(blocks)
    if side:
        merge.changes.append(Change(side, index + 1))


class _Edits:
    """What one side made of the blocks: for each of them what replaced it, and what was added
    before it (the last list: at the end)."""

    def __init__(self, base, blocks):
        self.replaced = [[] for _block in base]
        self.added = [[] for _block in [*base, None]]
        keys = [block.content for block in base]
        equal = find_blocks(keys, [block.content for block in blocks], MOST) or []
        base_start = start = 0
        for base_at, at, length in [*equal, (len(base), len(blocks), 0)]:
            self._pair(base, range(base_start, base_at), blocks[start:at])
            for offset in range(length):
                self.replaced[base_at + offset] = [blocks[at + offset]]
            base_start, start = base_at + length, at + length

    def _pair(self, base, gap, blocks):
        """Find out which blocks of a gap were changed, and which removed or added."""
        if len(gap) == len(blocks):
            for index, block in zip_longest(gap, blocks):
                self.replaced[index] = [block]
            return
        rest, is_small = list(blocks), len(gap) * len(blocks) <= MOST_PAIRS
        for index in gap:
            match = is_small and next(
                (each for each in rest if _is_similar(base[index], each)), None
            )
            if match:
                before = rest.index(match)
                self.added[index] += rest[:before]
                self.replaced[index] = [match]
                rest = rest[before + 1 :]
        self.added[gap.stop] += rest


def _is_similar(one, other):
    return SequenceMatcher(None, one.text, other.text).ratio() >= SIMILAR


def split_blocks(html):
    """Return the top-level elements of a body, texts between them too."""
    root = parse_html(html)
    blocks = [root.text or ""]
    for element in root:
        tail, element.tail = element.tail or "", None
        blocks += [lxml_html.tostring(element, encoding="unicode"), tail]
    return [Block(block) for block in blocks if block.strip()]


class Block(str):
    """The HTML of a top-level element of a body."""

    @cached_property
    def text(self):
        return read_text(self)

    @cached_property
    def content(self):
        """What must be equal in two blocks that readers cannot tell apart. The editor writes
        some things differently from imported bodies, as paragraphs in cells."""
        return "".join(self.text.split()), tuple(
            (element.tag, "".join(element.text_content().split()), *_list_references(element))
            for element in parse_html(self).iterdescendants()
            if element.tag not in UNTOLD
        )


def _list_references(element):
    names = ("href", "data-file", "colspan", "rowspan", "start")
    return tuple(element.get(name, "") for name in names)


def read_text(block):
    """Return a block as its text, with its pictures and links."""
    root = parse_html(block)
    for image in root.xpath(".//img"):
        image.tail = f"［{image.get('alt') or ''} {image.get('data-file', '')}］{image.tail or ''}"
    for link in root.xpath(".//a[@href]"):
        link.tail = f"（{link.get('href')}）{link.tail or ''}"
    for line in root.xpath(".//br | .//li | .//tr | .//p"):
        line.tail = "\n" + (line.tail or "")
    return root.text_content().strip()
