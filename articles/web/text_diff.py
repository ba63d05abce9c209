"""The differences of two texts, as pieces that are kept, removed or added.

The texts are compared by words: runs of one script, as a Japanese text has no spaces. Texts with
too many differences are compared by lines, and if these are too many, as a whole, so that no
text makes a page of the staff slow. ``difflib`` has no such bound: equal lines that repeat, and
texts in reverse, cost it the square of their length.
"""

import re
from collections import namedtuple

MOST_DIFFERENCES = 100  # words or lines; the cost grows with the square
CRUMB = 2  # characters kept between two changes; fewer are part of the change

Piece = namedtuple("Piece", ["kind", "text"])

# What belongs to the character before it: accents, variation selectors, parts of an emoji.
_JOINED = "[\u0300-\u036f\u3099\u309a\ufe00-\ufe0f\U000e0100-\U000e01ef\U0001f3fb-\U0001f3ff]"
_NUMERALS = "〇一二三四五六七八九十百千万億兆"
_WORD = re.compile(
    f"(?:[{_NUMERALS}]+|(?:(?![{_NUMERALS}])[\u4e00-\u9fff\u3400-\u4dbf々〆ヶ])+"
    "|[\u3041-\u3096ゝゞ]+|[\u30a1-\u30faー-ヿｦ-ﾟ]+"
    "|[A-Za-z\u00c0-\u024f]+|[0-9]+|[Ａ-Ｚａ-ｚ]+|[０-９]+|.)"
    f"{_JOINED}*(?:\u200d.{_JOINED}*)*",
    re.DOTALL,
)
_LINE = re.compile("[^\n]*\n|[^\n]+")

split_words = _WORD.findall
starts_inside = re.compile(f"\u200d|{_JOINED}").match  # whether a text begins inside a character


def compare_texts(old, new):
    """Return the pieces of both texts in order; of a replaced part first the removed one."""
    for split in (split_words, _LINE.findall):
        pieces = compare_words(split(old), split(new))
        if pieces is not None:
            break
    else:
        pieces = _merge_crumbs([([old], [new], [])], _is_crumb)
    return [Piece(kind, "".join(words)) for kind, words in pieces]


def _is_crumb(words):
    """Whether words kept between two changes are too short to be read."""
    return sum(map(len, words)) <= CRUMB and not any("\n" in word for word in words)


def compare_words(before, after, *, most=MOST_DIFFERENCES, is_crumb=_is_crumb):
    """Return (kind, words) of two lists of words in order, or None if more than ``most`` differ."""
    blocks = find_blocks(before, after, most)
    return None if blocks is None else _merge_crumbs(_list_changes(before, after, blocks), is_crumb)


def find_blocks(old, new, most=MOST_DIFFERENCES):
    """Return the equal runs of two lists as (start in old, start in new, length), or None if more
    than ``most`` items differ.

    E. W. Myers, "An O(ND) Difference Algorithm and Its Variations", 1986.
    """
    ends, trail = {1: 0}, []
    for distance in range(min(len(old) + len(new), most) + 1):
        trail.append(dict(ends))
        for diagonal in range(-distance, distance + 1, 2):
            end, _above = _enter_diagonal(ends, diagonal, distance)
            while end < len(old) and end - diagonal < len(new) and old[end] == new[end - diagonal]:
                end += 1
            ends[diagonal] = end
            if end >= len(old) and end - diagonal >= len(new):
                return _trace_blocks(trail, len(old), len(new))
    return None


def _enter_diagonal(ends, diagonal, distance):
    """Return where a path of this distance enters a diagonal, and whether by an insertion."""
    is_insertion = diagonal == -distance or (
        diagonal != distance and ends[diagonal - 1] < ends[diagonal + 1]
    )
    return ends[diagonal + 1] if is_insertion else ends[diagonal - 1] + 1, is_insertion


def _trace_blocks(trail, old_end, new_end):
    blocks = []
    for distance in range(len(trail) - 1, -1, -1):
        diagonal = old_end - new_end
        start, is_insertion = _enter_diagonal(trail[distance], diagonal, distance)
        if old_end > start:
            blocks.append((start, start - diagonal, old_end - start))
        old_end = start if is_insertion else start - 1
        new_end = start - diagonal - 1 if is_insertion else start - diagonal
    return blocks[::-1]


def _list_changes(before, after, blocks):
    """Yield the changes as (removed, added, kept after it) words."""
    old_start = new_start = 0
    for old_at, new_at, length in [*blocks, (len(before), len(after), 0)]:
        yield before[old_start:old_at], after[new_start:new_at], before[old_at : old_at + length]
        old_start, new_start = old_at + length, new_at + length


def _merge_crumbs(changes, is_crumb):
    """Return the pieces; what is kept between two changes, but too short to be read, is changed."""
    merged = []
    for removed, added, kept in changes:
        if merged and (removed or added):
            last = merged[-1]
            if any(last[:2]) and is_crumb(last[2]):
                merged[-1] = (last[0] + last[2] + removed, last[1] + last[2] + added, kept)
                continue
        merged.append((removed, added, kept))
    return [
        (kind, words)
        for change in merged
        for kind, words in zip(("removed", "added", "kept"), change, strict=True)
        if words
    ]
