"""Which units of two texts belong together: equal ones, edited ones, and those that moved.

Units that occur once in both texts are found first (the patience method of Bram Cohen). What lies
between them is compared by the bounded method of ``text_diff``. The matching of ``difflib`` costs
the square of a text's length where lines repeat; of it there is the measure of similarity only,
``SequenceMatcher.quick_ratio``, with the counts of each unit kept.
"""

from bisect import bisect_left
from collections import Counter

from articles.web.text_diff import find_blocks

MOST_UNITS = 60  # that differ between two units which occur once
MOST_PAIRS = 100  # units of a gap that are compared with each other
SIMILAR = 0.5  # from which share of common words a unit is one that was edited
NEAR = 3  # units around the same place of a large gap that are compared
SHORT = 12  # words
LARGEST = 1_000  # units of a gap of which some are paired


def align_units(old, new):
    """Return pairs of units in order. One of a pair is None where a unit was removed or added."""
    numbers = {}
    old_keys = [numbers.setdefault(unit.content, len(numbers)) for unit in old]
    new_keys = [numbers.setdefault(unit.content, len(numbers)) for unit in new]
    pairs, old_start, new_start = [], 0, 0
    for old_at, new_at, length in [*_find_equal(old_keys, new_keys), (len(old), len(new), 0)]:
        pairs += _pair_gap(old[old_start:old_at], new[new_start:new_at])
        old_start, new_start = old_at + length, new_at + length
        pairs += zip(old[old_at:old_start], new[new_at:new_start], strict=True)
    return pairs


def _find_equal(old, new):
    """Return the equal runs of two lists as (start in old, start in new, length)."""
    runs, old_start, new_start = [], 0, 0
    for old_at, new_at in [*_find_anchors(old, new), (len(old), len(new))]:
        gap = find_blocks(old[old_start:old_at], new[new_start:new_at], MOST_UNITS) or []
        runs += [(old_start + start, new_start + to, length) for start, to, length in gap]
        runs.append((old_at, new_at, int(old_at < len(old) and new_at < len(new))))
        old_start, new_start = old_at + 1, new_at + 1
    return runs


def _find_anchors(old, new):
    """Return (place in old, place in new) of the longest rising run of what occurs once in both."""
    counts, others = Counter(old), Counter(new)
    places = {key: place for place, key in enumerate(new) if others[key] == 1}
    common = [
        (place, places[key]) for place, key in enumerate(old) if counts[key] == 1 and key in places
    ]
    ends, heads, before = [], [], []
    for index, (_place, to) in enumerate(common):
        length = bisect_left(ends, to)
        ends[length : length + 1] = [to]
        heads[length : length + 1] = [index]
        before.append(heads[length - 1] if length else None)
    anchors, index = [], heads[-1] if heads else None
    while index is not None:
        anchors.append(common[index])
        index = before[index]
    return anchors[::-1]


def _pair_gap(old, new):
    """Pair the units of a gap that are similar, and leave the others single."""
    is_small = len(old) * len(new) <= MOST_PAIRS
    pairs, rest = [], 0
    if max(len(old), len(new)) > LARGEST:
        return [(unit, None) for unit in old] + [(None, unit) for unit in new]
    for place, unit in enumerate(old):
        near = range(max(rest, place - NEAR), min(len(new), place + NEAR + 1))
        choices = range(rest, len(new)) if is_small else near
        match = next((at for at in choices if is_similar(unit, new[at])), None)
        if match is None:
            pairs.append((unit, None))
            continue
        pairs += [(None, added) for added in new[rest:match]]
        pairs.append((unit, new[match]))
        rest = match + 1
    return pairs + [(None, added) for added in new[rest:]]


def is_similar(old, new):
    """Whether two units are likely to be versions of each other: half of their words are common, or
    of their characters if they are short."""
    if _measure(old.counts, new.counts) >= SIMILAR:
        return True
    is_short = max(len(old.words), len(new.words)) <= SHORT
    return is_short and _measure(Counter(old.text), Counter(new.text)) >= SIMILAR


def _measure(old, new):
    least, most = sorted((old.total(), new.total()))
    if 2 * least < SIMILAR * (least + most) or not most:
        return 0
    common = sum(min(count, new[word]) for word, count in old.items())
    return 2 * common / (least + most)
