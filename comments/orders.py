"""The orders of the trees in a thread. Equal trees keep the order of posting."""

from dataclasses import dataclass
from math import sqrt

from django.conf import settings
from django.db.models import Case, F, FloatField, Value, When
from django.db.models.functions import Greatest, Least, Sqrt
from django.utils.translation import gettext_lazy as _

WILSON_Z = 1.96  # 95 %
Z = 1.0  # standard deviations below the estimate
HEAD_START = 10  # comments: exposure that everybody starts with


@dataclass(frozen=True)
class Order:
    """A name for the address, a word for readers, and what sorts the top-level comments."""

    name: str
    label: str

    def sorted(self, roots, thread):
        if self.name == "new":
            return roots.order_by("-number")
        if self.name == "top":
            return sort_by_popularity(roots, thread)
        return roots.order_by("number")


ORDERS = {
    order.name: order
    for order in (
        Order("old", _("Oldest")),
        Order("new", _("Newest")),
        Order("top", _("Popular")),
    )
}


def compute_popularity(score, later):
    """Return how well a comment is liked by those who could see it.

    ``later`` is how many comments were written after it: those who wrote them, and the many who
    only read, came when it stood there, so it measures the comment's exposure better than hours
    do (an hour at noon is not an hour at night). Votes are taken as a Poisson count over
    exposure; the value is the lower end of its interval by the square-root transform (Anscombe
    1948): (√(score + 3/8) - z/2)² / (exposure + head start), with z = 1. So a good
    comment that came late passes a middling one that merely had more time, while one lucky vote
    does not put a newcomer on top. Negative scores rank by the score itself, below all others.
    """
    if score < 0:
        return float(score)
    root = max(0.0, sqrt(score + 0.375) - Z / 2)
    return root * root / (later + HEAD_START)


def compute_wilson_bound(up, down):
    """Return the lower bound of Wilson's interval (1927) for the share of up-votes, z = 1.96.

    0 where there are no votes.
    """
    n = up + down
    if not n:
        return 0.0
    z2 = WILSON_Z**2
    spread = WILSON_Z * sqrt((up * down) / n + z2 / 4)
    return (up + z2 / 2 - spread) / (n + z2)


def sort_by_popularity(roots, thread):
    """Sort top-level comments in the database: by ``wilson`` where readers may vote down, else by
    ``popularity``. Equals keep the order of posting. Imported scores count as votes."""
    if settings.COMMENT_DOWN_VOTES:
        up = F("up_votes") + Greatest(F("imported_score"), Value(0)) + Value(0.0)
        down = F("down_votes") - Least(F("imported_score"), Value(0)) + Value(0.0)
        n, z2 = Greatest(up + down, Value(1.0)), WILSON_Z**2
        spread = Value(WILSON_Z) * Sqrt(up * down / n + Value(z2 / 4))
        value = Case(
            When(up_votes=0, down_votes=0, imported_score=0, then=Value(0.0)),
            default=(up + Value(z2 / 2) - spread) / (n + Value(z2)),
            output_field=FloatField(),
        )
    else:
        score = Greatest(F("score"), Value(0)) + Value(0.375)
        root = Greatest(Sqrt(score) - Value(Z / 2), Value(0.0))
        later = Value(float(thread.last_number + HEAD_START)) - F("number")
        value = Case(
            When(score__lt=0, then=F("score") + Value(0.0)),
            default=root * root / later,
            output_field=FloatField(),
        )
    return roots.alias(popularity=value).order_by("-popularity", "number")
