"""A simulation of threads: what an order finds, and what attackers achieve.

``python -m tests.comments.ranking`` prints the figures of several orders.

A comment has a hidden quality, the chance that somebody who reads it votes for it. Readers come
while the thread grows; each reads some of the comments that are there, at random. A third of the
votes comes from a few shared addresses, as behind a carrier. An attacker's comment is the newest
of the thread, and nobody else likes it.
"""

import os
import random
import sys
from dataclasses import dataclass, replace
from functools import cache
from math import exp, floor, sqrt
from statistics import mean

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings.sqlite")

import django

if __name__ == "__main__":
    django.setup()

from comments.models.vote import Vote
from comments.models.weights import compute_weight
from comments.orders import compute_popularity, compute_wilson_bound

READ = 25  # comments that a reader reads
SHARED = 1 / 3  # of the votes come from …
ADDRESSES = 40  # … these shared addresses
TOP = 10  # comments that are on top of a thread
PLACES = (0.7, 0.8)  # where in the thread a good comment comes late
LATE_QUALITY = 0.5


@dataclass(frozen=True)
class Simulated:
    """A comment: its place, what it is worth, and what its votes come to."""

    number: int
    exposure: float  # how many readers read it
    quality: float = 0.0
    score: int = 0
    networks: int = 0
    down: int = 0


def rank_by_votes(comment, size):
    return comment.score


def rank_by_wilson(comment, size):
    """Wilson's bound needs votes against a comment, which our readers have only by a setting."""
    return compute_wilson_bound(comment.score, comment.down)


def rank_by_former_formula(comment, size):
    """The order until November 2026: the score over the comments that came later."""
    root = max(0.0, sqrt(comment.score + 0.375) - 0.5)
    return root * root / (size - comment.number + 10)


def rank_by_popularity(comment, size):
    return compute_popularity(comment.networks, comment.number, size)


ORDERS = {
    "votes alone": rank_by_votes,
    "Wilson": rank_by_wilson,
    "formula before": rank_by_former_formula,
    "Popular": rank_by_popularity,
}


@cache
def simulate_thread(seed, *, size, readers):
    """Return the comments of a thread in the order of posting."""
    dice = random.Random(seed)
    exposure, exposures = 0.0, [0.0] * size
    starts = [0.0] * size
    for reader in range(readers):
        there = 1 + reader * (size - 1) // readers
        starts[there - 1] += min(READ, there) / there
    for index in reversed(range(size)):
        exposure += starts[index]
        exposures[index] = exposure
    return [
        _vote(Simulated(index + 1, exposures[index], quality=dice.betavariate(1.3, 12)), dice)
        for index in range(size)
    ]


def _vote(comment, dice):
    """Return a comment with the votes that its quality brings it."""
    addresses, alone = [0] * ADDRESSES, 0
    for _ in range(_draw_poisson(dice, comment.quality * comment.exposure)):
        if dice.random() < SHARED:
            addresses[dice.randrange(ADDRESSES)] += 1
        else:
            alone += 1
    return replace(
        comment,
        score=floor(alone + sum(map(compute_weight, addresses))),
        networks=alone + sum(map(bool, addresses)),
        down=_draw_poisson(dice, dice.betavariate(1.3, 40) * comment.exposure),
    )


def _draw_poisson(dice, rate):
    if rate > 40:
        return max(0, round(dice.gauss(rate, sqrt(rate))))
    bound, count, product = exp(-rate), 0, dice.random()
    while product > bound:
        count += 1
        product *= dice.random()
    return count


def attack(size, *hosts):
    """Return an attacker's comment: the newest, with the votes of these hosts.

    ``hosts`` are (/48, /56, votes, how many such hosts).
    """
    networks = len({wide for wide, _site, _votes, _count in hosts})
    up, _down = Vote.tally_hosts([*((1, *host) for host in hosts), (1, None, None, 0, networks)])
    return Simulated(size, 0.0, score=up.weight, networks=up.networks)


ATTACKS = {
    "one phone, 4 votes": [(1, 1, 4, 1)],
    "one phone, 1,000 votes": [(1, 1, 1_000, 1)],
    "one /48, 65,536 votes": [(1, site, 1, 256) for site in range(256)],
    "ten phones, 4 votes each": [(wide, 1, 4, 1) for wide in range(10)],
}


def find_place(rank, comment, thread):
    """Return the place of a comment in the order of a thread; it comes after its equals."""
    value, size = rank(comment, len(thread)), len(thread)
    return 1 + sum(rank(other, size) >= value for other in thread if other is not comment)


def count_found(rank, thread):
    """Return how many of the truly best comments are on top. Nobody can know the very last."""
    size = len(thread)
    on_top = sorted(thread, key=lambda comment: rank(comment, size), reverse=True)[:TOP]
    known = thread[: -max(6, size // 50)]
    best = sorted(known, key=lambda comment: comment.quality, reverse=True)[:TOP]
    return len(set(on_top) & set(best))


def find_places_of_late(rank, thread, seed):
    """Return the places of excellent comments that came late, each in a thread of its own."""
    places = []
    for share in PLACES:
        index = int(len(thread) * share)
        late = _vote(replace(thread[index], quality=LATE_QUALITY), random.Random(seed))
        places.append(find_place(rank, late, [*thread[:index], late, *thread[index + 1 :]]))
    return places


def measure(rank, *, size, readers, seeds):
    """Return the figures of an order: the mean of those found, and mean places."""
    threads = [simulate_thread(seed, size=size, readers=readers) for seed in seeds]
    late = [
        find_places_of_late(rank, thread, seed) for seed, thread in zip(seeds, threads, strict=True)
    ]
    return {
        "quality found": mean(count_found(rank, thread) for thread in threads),
        "late good, place": mean(place for places in late for place in places),
        **{
            name: mean(find_place(rank, attack(size, *hosts), thread) for thread in threads)
            for name, hosts in ATTACKS.items()
        },
    }


def describe_figures(*, size, readers, seeds):
    """Return the lines of a table of all orders."""
    figures = {
        name: measure(rank, size=size, readers=readers, seeds=seeds)
        for name, rank in ORDERS.items()
    }
    yield f"{size} comments, {readers:,} readers, {len(seeds)} threads"
    yield f"{'':26}" + "".join(f"{name:>16}" for name in figures)
    for row in next(iter(figures.values())):
        yield f"{row:26}" + "".join(f"{each[row]:16.1f}" for each in figures.values())
    yield ""


if __name__ == "__main__":
    sys.stdout.write(
        f"Quality found: of the {TOP} best among the first {TOP}. The rest: places.\n\n"
    )
    for size, readers in ((1_000, 35_000), (1_000, 8_000), (120, 4_000), (120, 1_000), (30, 300)):
        for line in describe_figures(size=size, readers=readers, seeds=range(20)):
            sys.stdout.write(f"{line}\n")
