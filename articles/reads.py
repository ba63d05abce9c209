"""Read counts: summed in the process, written to the database at intervals, ranked.

A browser reports a reading after an article was visible for some seconds. A reading adds one to
the count of the article in that hour; nothing is stored about the reader.
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

MOST_SUMS = 10_000  # article-hours waiting to be written; more are dropped
ROWS = 300  # in one statement
PERIODS = {"day": timedelta(days=1), "week": timedelta(days=7)}
RANKS = 5
SPARE = 15  # further candidates, for articles that were withdrawn in the meantime
RANKING_AGE = 300  # seconds


class Tally:
    """The readings of this process that are not in the database yet.

    A background thread writes them every ``settings.READS_WRITTEN_EVERY`` seconds and when the
    process ends, so no reader waits for it. With 0 each reading is written at once.
    """

    def __init__(self):
        self._sums = Counter()
        self._lock = Lock()
        self._writing = Lock()
        self._writer = None

    def add(self, article_id, at=None):
        """Count a reading. Ids of articles that do not exist are dropped by ``write()``."""
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
        """Write the readings. If the database fails they stay for the next attempt."""
        with self._writing:
            with self._lock:
                sums, self._sums = self._sums, Counter()
            if not sums:
                return
            try:
                _add_to_counts(sums)
            except Error:
                logger.warning("Readings could not be written now; they stay.", exc_info=True)
                with self._lock:
                    self._sums += sums

    def _start(self):
        with self._lock:
            if self._writer:
                return
            # Not a daemon: it writes the last readings after the main thread has ended.
            self._writer = Thread(target=self._run, name="readings", daemon=False)
            self._writer.start()

    def _run(self):
        written_at = monotonic()
        while main_thread().is_alive():
            sleep(min(1, settings.READS_WRITTEN_EVERY))
            if monotonic() - written_at >= settings.READS_WRITTEN_EVERY:
                self._write_and_disconnect()
                written_at = monotonic()
        self._write_and_disconnect()

    def _write_and_disconnect(self):
        self.write()
        connection.close()


tally = Tally()


def _add_to_counts(sums):
    """Add sums {(article id, hour): count} to the counts of public articles, in one transaction."""
    listed = set(
        Article.objects.listed()
        .filter(pk__in={article_id for article_id, _hour in sums})
        .values_list("pk", flat=True)
    )
    # All processes write in the same order, so they cannot deadlock.
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
    """Return {"day": articles, "week": articles}, the most read first, with one query.

    The ranking is cached for a few minutes. Only articles that are still public are returned.
    """
    ranked = cache.get("most-read")
    if ranked is None:
        articles = _load_recently_read()
        ranked = {
            period: [pk for pk in _rank_keys(articles, period) if getattr(articles[pk], period)]
            for period in PERIODS
        }
        cache.set("most-read", ranked, RANKING_AGE)
    else:
        keys = {pk for pks in ranked.values() for pk in pks}
        articles = Article.objects.listed().only("title", "slug").in_bulk(keys)
    return {
        period: [articles[pk] for pk in pks if pk in articles][:RANKS]
        for period, pks in ranked.items()
    }


def _load_recently_read():
    """Return {primary key: article} with the readings of each period as ``day`` and ``week``."""
    since = {period: timezone.now() - length for period, length in PERIODS.items()}
    totals = {
        period: Sum("read_counts__count", filter=Q(read_counts__hour__gte=first), default=0)
        for period, first in since.items()
    }
    read = Article.objects.listed().filter(read_counts__hour__gte=min(since.values()))
    rows = read.only("title", "slug").order_by().annotate(**totals)
    return {article.pk: article for article in rows}


def _rank_keys(articles, period):
    return nlargest(RANKS + SPARE, articles, key=lambda pk: (getattr(articles[pk], period), pk))


def delete_old_counts(*, before, dry_run=False):
    """Delete the counts of hours before a moment; returns how many there were."""
    old = ReadCount.objects.filter(hour__lt=before)
    return old.count() if dry_run else old.delete()[0]
