"""The weight of reports, and when they are enough to hold a comment.

A reader's reports weigh by how often earlier ones were upheld. With ``n`` judged reports, ``u`` of
them upheld, a report weighs ``2 · (u + 1) / (n + 2)``: 1 if half of them were upheld. The weight is
1 below five judged reports, and never below 0.25 or above 1.75. A reader without a key counts half.

The readers of one network have one voice together, that of the heaviest of them. A network is an
IPv4 address or the /48 around an IPv6 address. The hashes of networks change every week, so the
reports of each week are counted on their own.
"""

from collections import defaultdict
from dataclasses import dataclass

NEUTRAL = 1.0
FIRST_JUDGED = 5  # judged reports; with fewer the weight is neutral
LIGHTEST, HEAVIEST = 0.25, 1.75
KEYLESS = 0.5
LEAST_NETWORKS = 2  # of each width


@dataclass(frozen=True, slots=True)
class Voice:
    """A report as it counts: the week, the hashes of its networks, and its weight."""

    week: tuple
    narrow: str
    wide: str
    weight: float


def compute_reporter_weight(judged, upheld, *, has_key=True):
    """Return the weight of a reader with so many judged and upheld reports."""
    weight = NEUTRAL
    if judged >= FIRST_JUDGED:
        weight = min(max(2 * (upheld + 1) / (judged + 2), LIGHTEST), HEAVIEST)
    return weight if has_key else weight * KEYLESS


def is_past_threshold(voices, threshold):
    """Whether the reports of one week, from several networks, weigh ``threshold`` or more. A
    threshold of 0 is never reached."""
    weeks = defaultdict(list)
    for voice in voices:
        weeks[voice.week].append(voice)
    return bool(threshold) and any(_weigh(week) >= threshold for week in weeks.values())


def _weigh(voices):
    """Return the sum of the heaviest voice of each wide network; 0 below the least number."""
    heaviest = defaultdict(float)
    for voice in voices:
        heaviest[voice.wide] = max(heaviest[voice.wide], voice.weight)
    counts = (len(heaviest), len({voice.narrow for voice in voices}))
    return sum(heaviest.values()) if min(counts) >= LEAST_NETWORKS else 0.0
