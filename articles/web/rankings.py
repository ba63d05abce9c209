"""Rankings of articles by period: how far the periods reach, and what readers see of an order."""

from datetime import timedelta

from django.utils.translation import pgettext

PERIODS = {"day": timedelta(days=1), "week": timedelta(days=7)}
RANKS = 5


def list_starts(now):
    """Return {period: when it began}, for the periods that end at a moment."""
    return {period: now - length for period, length in PERIODS.items()}


def select_ranked(order, articles):
    """Return (label, articles) of each period that has any, as tuples, the first article first.

    ``order``: {period: keys}; ``articles``: {key: article}, without those that are not public.
    """
    labels = {"day": pgettext("ranking", "24 hours"), "week": pgettext("ranking", "7 days")}
    ranked = {
        labels[period]: tuple(articles[key] for key in order.get(period, ()) if key in articles)
        for period in PERIODS
    }
    return tuple((label, shown[:RANKS]) for label, shown in ranked.items() if shown)
