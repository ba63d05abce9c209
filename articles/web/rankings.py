"""Rankings of articles by period, of the site or of a category. Cached for a few minutes."""

from datetime import timedelta
from heapq import nlargest

from django.core.cache import cache
from django.utils import timezone
from django.utils.translation import pgettext

PERIODS = {"day": timedelta(days=1), "week": timedelta(days=7)}
RANKS = 5
SPARE = 15  # further candidates, for articles that were withdrawn in the meantime
RANKING_AGE = 300  # seconds


def list_starts():
    """Return {period: when it began}, for the periods that end now."""
    now = timezone.now()
    return {period: now - length for period, length in PERIODS.items()}


def load_rankings(name, category, *, rank, fetch):
    """Return (label, articles) of each period that has any, the first article first.

    ``rank(category)`` returns {key: article} and {period: {key: weight}}; the order is cached under
    the name. From then on ``fetch(keys)`` returns {key: article}, without those that are no longer
    public.
    """
    cache_key = f"{name}:{category.pk if category else 'site'}"
    order = cache.get(cache_key)
    is_due = cache.add(f"{cache_key}:fresh", True, RANKING_AGE)  # to one of those who ask
    if order is None or is_due:
        articles, weights = rank(category)
        order = {period: _sort_keys(weights[period]) for period in PERIODS}
        cache.set(cache_key, order, 2 * RANKING_AGE)
    else:
        articles = fetch({key for keys in order.values() for key in keys})
    labels = {"day": pgettext("ranking", "24 hours"), "week": pgettext("ranking", "7 days")}
    ranked = {
        labels[period]: [articles[key] for key in keys if key in articles][:RANKS]
        for period, keys in order.items()
    }
    return [(label, shown) for label, shown in ranked.items() if shown]


def _sort_keys(weights):
    """Return the keys with the largest weights, without those that weigh nothing."""
    return nlargest(
        RANKS + SPARE, filter(weights.get, weights), key=lambda key: (weights[key], key)
    )
