"""The rankings of the site, computed every few minutes by a thread of the server.

Where no such thread runs, as under another server, a request computes them when they are late.
"""

import logging
from threading import Thread
from time import sleep

from django.core.cache import cache
from django.db import Error, connection
from django.utils import timezone

from articles.models import Ranking
from articles.models.ranking import RANKING_AGE
from articles.reads import MOST_READ, weigh_readings
from articles.web.rankings import list_starts
from comments.discussed import MOST_DISCUSSED, count_writers, weigh_writers
from newsroom.timer_log import log_failure

logger = logging.getLogger(__name__)

WEIGHERS = {MOST_READ: weigh_readings, MOST_DISCUSSED: weigh_writers}
COUNTERS = {MOST_DISCUSSED: count_writers}  # of the figures that are shown with a ranking
PAUSE = 1  # seconds from a renewal to the next attempt, at least
RETRY = 5  # seconds from a failure to the next attempt; twice as many after each further one
MOST_DOUBLED = 6  # times, which is more than RANKING_AGE
FAILED = "The rankings could not be computed now."
LATE = "rankings-late"  # a key of the cache: a request computes them


class Renewal:
    """Computes rankings. What it has claimed and could not store is due at its next attempt."""

    def __init__(self):
        self._owed = set()
        self._failures = 0  # in a row

    def renew(self, due_by):
        """Compute the rankings that are due by a moment, unless another process does."""
        for name, weigh in WEIGHERS.items():
            if name in self._owed or Ranking.objects.claim(name, due_by=due_by):
                self._owed.add(name)
                now = timezone.now()
                figures = COUNTERS[name](now) if name in COUNTERS else None
                Ranking.objects.store(name, weigh(**list_starts(now)), figures)
                self._owed.remove(name)

    def attempt(self):
        """Compute what is due now; returns the seconds until the next attempt."""
        try:
            self.renew(timezone.now())
            _orders, due = Ranking.objects.read()
            left = (min(due.values()) - timezone.now()).total_seconds()
            self._failures, pause = 0, max(PAUSE, left)
        except Exception as error:  # no fault may end the thread
            log_failure(logger, FAILED, error)
            pause = RETRY * 2**self._failures
            self._failures = min(self._failures + 1, MOST_DOUBLED)
        return min(pause, RANKING_AGE.total_seconds())


def renew_rankings(*, due_by=None):
    """Compute the rankings that are due by a moment (default: now), unless another process does."""
    Renewal().renew(due_by or timezone.now())


def renew_all_rankings():
    """Compute all rankings, however new they are."""
    renew_rankings(due_by=timezone.now() + 2 * RANKING_AGE)


def read_orders(category=None):
    """Return {name: order} of the rankings of the site or of a category. One query, unless nobody
    has computed them for long: then one of those who ask does."""
    orders, due = Ranking.objects.read(category)
    late = timezone.now() - RANKING_AGE
    is_late = any(name not in due or due[name] < late for name in WEIGHERS)
    if is_late and cache.add(LATE, True, RANKING_AGE.total_seconds()):
        try:
            renew_rankings(due_by=late)
        except Error:  # as in a database that is read-only
            logger.warning(FAILED, exc_info=True)
        else:
            orders, _due = Ranking.objects.read(category)
    return orders


def start_renewal():
    """Renew the rankings of the site whenever they are due, as long as this process runs."""
    Thread(target=_renew_again_and_again, name="rankings", daemon=True).start()


def _renew_again_and_again():
    renewal = Renewal()
    while True:
        pause = renewal.attempt()
        connection.close()
        sleep(pause)
