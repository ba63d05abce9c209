"""The orders of the trees in a thread. Equal trees keep the order of posting."""

from dataclasses import dataclass
from math import log, sqrt

from django.db.models import Case, F, FloatField, Value, When
from django.db.models.functions import Greatest, Least, Ln, Sqrt
from django.db.models.lookups import LessThan
from django.utils.translation import gettext_lazy as _

WILSON_Z = 1.96  # 95 %
Z = 2.33  # standard deviations below the estimate: 99 %, so that one like proves nothing
HEAD_START = 10  # comments: exposure that everybody starts with …
HEAD_SHARE = 0.1  # … plus this share of the thread


@dataclass(frozen=True)
class Order:
    """An order of top-level comments: ``name`` for the address, ``label`` for readers."""

    name: str
    label: str


ORDERS = {
    order.name: order
    for order in (
        Order("old", _("Oldest")),
        Order("new", _("Newest")),
        Order("top", _("Popular")),
    )
}


def compute_popularity(likes, number, last_number):
    """Return how well a comment is liked by those who could see it.

    ``likes`` is the number of networks that voted for it: further votes of a phone or a whole /48
    raise the score but not the rank. The exposure is measured in comments, whose number grows as
    fast as that of readers. While the thread had k comments, each got 1/k of a reader's attention.
    Together that is ln(last number / number) times the length of the thread. Every comment also
    starts with a share of the thread, so a handful of votes lifts no new comment over those that
    many liked.

    Likes are taken as a Poisson count over exposure; the value is the lower end of its interval by
    the square-root transform (Anscombe 1948): (√(likes + 3/8) - z/2)² / exposure, with z = 2.33.
    Negative likes, which an import may bring, rank by themselves, below all others.
    ``python -m tests.comments.ranking`` simulates its results, and the effect of attacks.
    """
    if likes < 0:
        return float(likes)
    root = max(0.0, sqrt(likes + 0.375) - Z / 2)
    return root * root / _compute_exposure(number, last_number)


def _compute_exposure(number, last_number):
    return last_number * (log(last_number) + HEAD_SHARE - log(number)) + HEAD_START


def compute_wilson_bound(up, down):
    """Return the lower bound of Wilson's interval (1927) for the share of up-votes, z = 1.96.

    0 without votes.
    """
    n = up + down
    if not n:
        return 0.0
    z2 = WILSON_Z**2
    spread = WILSON_Z * sqrt((up * down) / n + z2 / 4)
    return (up + z2 / 2 - spread) / (n + z2)


def sort_by_share(roots):
    """Sort top-level comments in the database by Wilson's bound, where readers may vote down.
    Equals keep the order of posting. A network counts once, an imported score as so many
    networks."""
    up = F("up_networks") + Greatest(F("imported_score"), Value(0)) + Value(0.0)
    down = F("down_networks") - Least(F("imported_score"), Value(0)) + Value(0.0)
    n, z2 = Greatest(up + down, Value(1.0)), WILSON_Z**2
    spread = Value(WILSON_Z) * Sqrt(up * down / n + Value(z2 / 4))
    value = Case(
        When(up_networks=0, down_networks=0, imported_score=0, then=Value(0.0)),
        default=(up + Value(z2 / 2) - spread) / (n + Value(z2)),
        output_field=FloatField(),
    )
    return _sort(roots, value)


def measure_exposure(thread):
    """Return the length of a thread and the age of its first comment, as ``sort_by_popularity``
    takes them."""
    length = float(max(1, thread.last_number))
    return length, log(length) + HEAD_SHARE


def sort_by_popularity(roots, length, age):
    """Sort top-level comments in the database by popularity in a thread of this length. Equals keep
    the order of posting. A network counts once, an imported score as so many networks."""
    likes = F("up_networks") - F("down_networks") + F("imported_score")
    root = Greatest(Sqrt(Greatest(likes, Value(0)) + Value(0.375)) - Value(Z / 2), Value(0.0))
    age -= Ln(F("number") + Value(0.0))
    value = Case(
        When(LessThan(likes, 0), then=likes + Value(0.0)),
        default=root * root / (length * age + Value(float(HEAD_START))),
        output_field=FloatField(),
    )
    return _sort(roots, value)


def _sort(roots, value):
    return roots.alias(popularity=value).order_by("-popularity", "number")
