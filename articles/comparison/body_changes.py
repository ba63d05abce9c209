"""The differences of two bodies as numbered changes, with what is unchanged between them.

A change is one unit that was edited, or neighbouring units that were removed, added or moved.
"""

from collections import deque
from dataclasses import dataclass, field
from itertools import accumulate
from math import isqrt

from articles.comparison.alignment import align_units, is_similar
from articles.comparison.units import Unit, Word
from articles.web.text_diff import CRUMB, MOST_DIFFERENCES, compare_words, starts_inside

KEPT, EDITED, REMOVED, ADDED, MOVED = "kept", "edited", "removed", "added", "moved"
GROUPED = {KEPT, REMOVED, ADDED, MOVED}
MOST_MOVES = 40  # removed and added units that are compared with each other
FEWEST_WORDS = 8  # of a unit that was moved and edited
MOST_STEPS = 200_000  # of all comparisons of words together; then units are compared as wholes


@dataclass
class Line:
    """A unit as it is shown: ``pieces`` are (kind, words). An edited one has both units."""

    kind: str
    pieces: list
    old: Unit | None = None
    new: Unit | None = None
    steps: int = 0  # how many units it was moved down by

    @property
    def unit(self):
        return self.new or self.old

    @property
    def is_retyped(self):
        """Whether a paragraph became a heading, an item and the like."""
        return self.kind == EDITED and (self.old.kind, self.old.place) != (
            self.new.kind,
            self.new.place,
        )


@dataclass
class Change:
    """Neighbouring lines of one kind. Only the unchanged have no number."""

    kind: str
    lines: list = field(default_factory=list)
    number: int | None = None

    @property
    def steps(self):
        return self.lines[0].steps

    @property
    def distance(self):
        return abs(self.steps)

    @property
    def size(self):
        return len(self.lines)


def compare_units(old, new, *, heads=()):
    """Return the lines of two lists of units in the order of the new text. ``heads`` are pairs of
    units that stand before them and belong together."""
    pairs = [*heads, *align_units(old, new)]
    moves = _find_moves(pairs)
    left, effort, lines = set(moves.values()), _Effort(), []
    standing = list(accumulate((bool(before and after) for before, after in pairs), initial=0))
    for at, (before, after) in enumerate(pairs):
        if at in left:
            continue  # shown where it stands now
        if at in moves:
            before = pairs[moves[at]][0]
            steps = standing[at] - standing[moves[at]]  # negative for up
            kind = MOVED if steps else KEPT
            if before.content == after.content:
                lines.append(_show_whole(kind, before, after, steps))
            else:
                pieces = effort.compare(before, after)
                lines.append(Line(EDITED, pieces, before, after, steps))
        elif before is None or after is None:
            lines.append(_show_whole(REMOVED if before else ADDED, before, after))
        elif before.content == after.content:
            lines.append(_show_whole(KEPT, before, after))
        else:
            lines.append(Line(EDITED, effort.compare(before, after), before, after))
    return lines


def group_lines(lines):
    """Return lines as changes, with the unchanged between them."""
    changes = []
    for line in lines:
        last = changes[-1] if changes else None
        if last and last.kind == line.kind in GROUPED and last.steps == line.steps:
            last.lines.append(line)
        else:
            changes.append(Change(line.kind, [line]))
    numbered = [change for change in changes if change.kind != KEPT]
    for number, change in enumerate(numbered, 1):
        change.number = number
    return changes


def _show_whole(kind, before, after, steps=0):
    marks = {REMOVED: "removed", ADDED: "added"}
    words = (after or before).words
    pieces = [(marks.get(kind, "kept"), words)] if words else []
    return Line(kind, pieces, before, after, steps)


def _find_moves(pairs):
    """Return {place of an added unit: place of the removed one that it is, or was edited from}."""
    gone, moves = {}, {}
    for at, (before, after) in enumerate(pairs):
        if after is None and before.words:
            gone.setdefault(before.content, deque()).append(at)
    for at, (before, after) in enumerate(pairs):
        if before is None and gone.get(after.content):
            moves[at] = gone[after.content].popleft()
    left = sorted(at for places in gone.values() for at in places)
    return moves | _find_edited_moves(pairs, left, moves)


def _find_edited_moves(pairs, gone, moves):
    """Find units that were moved and edited, if there are few."""
    new = [at for at, (before, _after) in enumerate(pairs) if before is None and at not in moves]
    found = {}
    if max(len(gone), len(new)) > MOST_MOVES:
        return found
    for at in new:
        after = pairs[at][1]
        if len(after.words) >= FEWEST_WORDS:
            origin = next((each for each in gone if is_similar(pairs[each][0], after)), None)
            if origin is not None:
                found[at] = origin
                gone.remove(origin)
    return found


class _Effort:
    """Compares units word by word while steps are left, so that no text takes seconds."""

    def __init__(self):
        self.left = MOST_STEPS

    def compare(self, before, after):
        most = min(MOST_DIFFERENCES, isqrt(self.left))
        pieces = compare_words(before.words, after.words, most=most, is_crumb=_is_crumb)
        differing = most
        if pieces is None:
            pieces = [("removed", before.words), ("added", after.words)]
            pieces = [piece for piece in pieces if piece[1]]
        else:
            differing = sum(len(words) for kind, words in pieces if kind != "kept")
        self.left -= min(differing**2, self.left)
        return _keep_common(pieces)


def _keep_common(pieces):
    """Keep what a replaced part begins or ends with: runs of kana grow at their ends."""
    kept = []
    for kind, words in pieces:
        is_replacing = kind == "added" and kept and kept[-1][0] == "removed"
        if is_replacing and (split := _split_common(kept[-1][1], words)):
            kept[-1:] = split
        else:
            kept.append((kind, words))
    return kept


def _split_common(removed, added):
    """Return what replaces two parts of which one begins or ends with the other, or None."""
    if any(word.marks for word in (*removed, *added)):
        return None
    old, new = ("".join(word.text for word in words) for words in (removed, added))
    for kind, short, long in (("added", old, new), ("removed", new, old)):
        start, end = len(short), len(long) - len(short)
        if long.startswith(short) and not starts_inside(long[start:]):
            return [("kept", [Word(short)]), (kind, [Word(long[start:])])]
        if long.endswith(short) and not starts_inside(short):
            return [(kind, [Word(long[:end])]), ("kept", [Word(short)])]
    return None


def _is_crumb(words):
    text = "".join(word.text for word in words)
    return len(text) <= CRUMB and "\n" not in text and not any(word.marks for word in words)
