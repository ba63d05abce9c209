"""How often articles are read: summed in the process, written now and then, ranked for a while.

A browser tells when an article was in sight for some seconds. What is kept of that is one more in
the count of the article and the hour; who read it is not known here.
"""

import logging
from collections import Counter
from datetime import UTC, timedelta
from heapq import nlargest
from threading import Lock, Thread, main_thread
from time import monotonic, sleep

from django.conf import settings
from django.core.cache import cache
from django.db import Error, connection, transaction
from django.db.models import Q, Sum
from django.utils import timezone

from articles.models import Article, ReadCount

logger = logging.getLogger(__name__)

MOST_SUMS = 10_000  # article-hours that wait to be written; more are not taken
ROWS = 300  # of one statement
PERIODS = {"day": timedelta(days=1), "week": timedelta(days=7)}
RANKS = 5
SPARE = 15  # candidates that may have been withdrawn meanwhile
FRESH = 300  # seconds


class Tally:
    """The readings that this process knows and the database does not yet.

    A thread of its own writes them every ``settings.READS_WRITTEN_EVERY`` seconds and when the
    process ends, so that no reader waits for it. With 0 they are written at once.
    """

    def __init__(self):
        self._sums = Counter()
        self._lock = Lock()
        self._writing = Lock()
        self._writer = None

    def add(self, article_id, at=None):
        """Count a reading of an article; what names none is dropped when it is written."""
        hour = (at or timezone.now()).astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        with self._lock:
            is_known = (article_id, hour) in self._sums
            if is_known or (len(self._sums) < MOST_SUMS and article_id < 2**63):
                self._sums[article_id, hour] += 1
        if not settings.READS_WRITTEN_EVERY:
            self.write()
        elif not self._writer:
            self._start()

    def write(self):
        """Write what is known. What the database refuses is kept for the next time."""
        with self._writing:
            with self._lock:
                sums, self._sums = self._sums, Counter()
            if not sums:
                return
            try:
                _add_to_counts(sums)
            except Error:
                logger.warning("Readings could not be written; they are kept.", exc_info=True)
                with self._lock:
                    self._sums += sums

    def _start(self):
        with self._lock:
            if self._writer:
                return
            # Not a daemon: it outlives the main thread by a moment, to write the last.
            self._writer = Thread(target=self._run, name="readings", daemon=False)
            self._writer.start()

    def _run(self):
        written = monotonic()
        while main_thread().is_alive():
            sleep(min(1, settings.READS_WRITTEN_EVERY))
            if monotonic() - written >= settings.READS_WRITTEN_EVERY:
                self._write_apart()
                written = monotonic()
        self._write_apart()

    def _write_apart(self):
        self.write()
        connection.close()


tally = Tally()


def _add_to_counts(sums):
    """Add sums {(article id, hour): count} to the counts of public articles, all or none."""
    listed = set(
        Article.objects.listed()
        .filter(pk__in={article_id for article_id, _hour in sums})
        .values_list("pk", flat=True)
    )
    # All processes in the same order: none waits for one that waits for it.
    rows = sorted((*key, count) for key, count in sums.items() if key[0] in listed)
    table = connection.ops.quote_name(ReadCount._meta.db_table)
    with transaction.atomic(), connection.cursor() as cursor:
        for first in range(0, len(rows), ROWS):
            part = rows[first : first + ROWS]
            cursor.execute(
                f"INSERT INTO {table} (article_id, hour, count)"
                f" VALUES {', '.join(['(%s, %s, %s)'] * len(part))}"
                f" ON CONFLICT (article_id, hour) DO UPDATE SET count = {table}.count"
                " + excluded.count",
                [
                    value
                    for article_id, hour, count in part
                    for value in (
                        article_id,
                        connection.ops.adapt_datetimefield_value(hour),
                        count,
                    )
                ],
            )


def load_rankings():
    """Return {"day": articles, "week": articles}, of each the most read first. One query: the
    counts are summed every few minutes, in between it is asked what is still public.
    """
    ranked = cache.get("most-read")
    if ranked is None:
        found = _load_recently_read()
        ranked = {
            period: [pk for pk in _rank_keys(found, period) if getattr(found[pk], period)]
            for period in PERIODS
        }
        cache.set("most-read", ranked, FRESH)
    else:
        wanted = {pk for pks in ranked.values() for pk in pks}
        found = Article.objects.listed().only("title", "slug").in_bulk(wanted)
    return {
        period: [found[pk] for pk in pks if pk in found][:RANKS] for period, pks in ranked.items()
    }


def _load_recently_read():
    """Return {primary key: article} of what was read, each with its readings in each period."""
    since = {period: timezone.now() - length for period, length in PERIODS.items()}
    totals = {
        period: Sum("read_counts__count", filter=Q(read_counts__hour__gte=first), default=0)
        for period, first in since.items()
    }
    read = Article.objects.listed().filter(read_counts__hour__gte=min(since.values()))
    found = read.only("title", "slug").order_by().annotate(**totals)
    return {article.pk: article for article in found}


def _rank_keys(found, period):
    return nlargest(RANKS + SPARE, found, key=lambda pk: (getattr(found[pk], period), pk))


def delete_old_counts(*, before, dry_run=False):
    """Delete the counts of hours that began before a moment; returns how many."""
    old = ReadCount.objects.filter(hour__lt=before)
    return old.count() if dry_run else old.delete()[0]
