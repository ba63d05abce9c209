"""Read counts: collected in the process, written to the database at intervals, ranked.

A browser reports a reading after an article was visible for some seconds. An article's count is
the number of networks that read it in a period, estimated by linear counting (Whang, Vander-Zanden
and Taylor 1990): each network fills a slot, so further readings from it change nothing. The
networks of one IPv6 /48 fill about as many slots as the logarithm (base 4) of their number. The key
of the slots changes every week, so a network that reads an article before and after counts twice.
"""

import logging
from datetime import UTC
from math import log
from threading import Lock, Thread, main_thread
from time import monotonic

from django.conf import settings
from django.db import Error, connection, transaction
from django.db.models import Aggregate, Q, TextField, Value
from django.utils import timezone

from articles.models import Article, NetworkKey, ReadCount, compiled
from articles.web.networks import hash_text
from articles.web.outages import find_outage
from articles.web.rankings import list_starts

logger = logging.getLogger(__name__)

SLOTS = 65_536  # of an article
DIGITS = 4  # hexadecimal, of a slot
MOST_WAITING = 10_000  # readings waiting to be written; more are dropped
MOST_WRITTEN = 100_000  # readings remembered as written
ROWS = 300  # in one statement
MOST_READ = "most-read"  # a ranking


def compute_slot(article_id, networks, key):
    """Return the slot of a reader's networks (the narrowest first) among those of an article,
    under the key of this week."""
    narrow, wide = networks[0], networks[-1]
    rank = 0
    if narrow != wide:  # a quarter of the hosts has the next rank
        rank = (64 - int(hash_text(key, narrow)[:16], 16).bit_length()) // 2
    return hash_text(key, f"{article_id} {wide} {rank}")[:DIGITS]


def estimate_networks(slots):
    """Return how many networks filled these slots, each written in ``DIGITS`` digits."""
    filled = len(set(memoryview(slots.encode()).cast("I")))  # four bytes each
    return -SLOTS * log(1 - min(filled, SLOTS - 1) / SLOTS)


class Tally:
    """The readings of this process that are not in the database yet.

    A background thread writes them every ``settings.READS_WRITTEN_EVERY`` seconds and when the
    process ends, so no reader waits for it. With 0 each reading is written at once.
    """

    def __init__(self):
        self._waiting = set()
        self._written = set()  # this process does not write the same reading of an hour twice
        self._lock = Lock()
        self._writing = Lock()
        self._writer = None

    def add(self, article_id, slot, at=None):
        """Count a reading. Ids of articles that do not exist are dropped by ``write()``."""
        hour = (at or timezone.now()).astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        reading = article_id, hour, slot
        with self._lock:
            is_new = reading not in self._written and article_id < 2**63
            if is_new and len(self._waiting) < MOST_WAITING:
                self._waiting.add(reading)
        if not settings.READS_WRITTEN_EVERY:
            self.write()
        elif not self._writer:
            self._start()

    def write(self):
        """Write the readings. If the database fails they stay for the next attempt."""
        with self._writing:
            with self._lock:
                readings, self._waiting = self._waiting, set()
            if not readings:
                return
            try:
                _add_to_counts(readings)
            except Error as error:
                is_passing = find_outage(error) is not None
                cause = None if is_passing else error  # a fault of the program has a traceback
                logger.warning("Readings could not be written now; they stay.", exc_info=cause)
                with self._lock:
                    self._waiting |= readings
                return
            if not settings.READS_WRITTEN_EVERY:
                return
            with self._lock:
                newest = max(hour for _article_id, hour, _slot in readings)
                written = {each for each in self._written if each[1] == newest} | readings
                self._written = written if len(written) < MOST_WRITTEN else readings

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
            main_thread().join(min(1, settings.READS_WRITTEN_EVERY))
            if monotonic() - written_at >= settings.READS_WRITTEN_EVERY:
                self._write_and_disconnect()
                written_at = monotonic()
        self._write_and_disconnect()

    def _write_and_disconnect(self):
        self.write()
        connection.close()


tally = Tally()


def _add_to_counts(readings):
    """Add readings (article id, hour, slot) to the counts of public articles, in one
    transaction."""
    listed = set(
        Article.objects.listed()
        .filter(pk__in={article_id for article_id, _hour, _slot in readings})
        .values_list("pk", flat=True)
    )
    slots = {}
    # All processes write in the same order, so they cannot deadlock.
    for article_id, hour, slot in sorted(readings):
        if article_id in listed:
            slots[article_id, hour] = slots.get((article_id, hour), "") + slot
    rows = [(*key, joined) for key, joined in slots.items()]
    table = connection.ops.quote_name(ReadCount._meta.db_table)
    with transaction.atomic(), connection.cursor() as cursor:
        for first in range(0, len(rows), ROWS):
            part = rows[first : first + ROWS]
            cursor.execute(
                f"INSERT INTO {table} (article_id, hour, slots)"
                f" VALUES {', '.join(['(%s, %s, %s)'] * len(part))}"
                f" ON CONFLICT (article_id, hour) DO UPDATE SET slots = {table}.slots"
                " || excluded.slots",
                [
                    value
                    for article_id, hour, joined in part
                    for value in (
                        article_id,
                        connection.ops.adapt_datetimefield_value(hour),
                        joined,
                    )
                ],
            )


class Joined(Aggregate):
    """The texts of a group in one."""

    function = "GROUP_CONCAT"
    output_field = TextField()

    def __init__(self, expression, **options):
        super().__init__(expression, Value(""), **options)

    def as_postgresql(self, compiler, connection, **context):
        return self.as_sql(compiler, connection, function="STRING_AGG", **context)


def weigh_readings(day, week):
    """Return {period: {article's key: how many networks read it since then}}. One query."""
    weights = {"day": {}, "week": {}}
    for key, *slots in _join_slots(day, week):
        for period, of_period in zip(weights, slots, strict=True):
            weights[period][key] = estimate_networks(of_period)
    return weights


def count_readers(keys):
    """Return {key: how many networks read an article in the last week} of some articles."""
    week = list_starts(timezone.now())["week"]
    rows = ReadCount.objects.filter(article__in=keys, hour__gte=week)
    slots = {}
    for key, joined in rows.order_by().values_list("article", "slots"):
        slots[key] = slots.get(key, "") + joined
    return {key: round(estimate_networks(joined)) for key, joined in slots.items()}


@compiled.rows
def _join_slots(day, week):
    counts = ReadCount.objects.filter(hour__gte=week).order_by().values("article_id")
    slots = {
        "of_day": Joined("slots", filter=Q(hour__gte=day), default=""),
        "of_week": Joined("slots"),
    }
    return counts.annotate(**slots).values_list("article_id", *slots)


def delete_old_counts(*, before, dry_run=False):
    """Delete the counts of hours before a moment and the network keys of that age, except the one
    in use. Returns how many counts and how many keys there were."""
    old = ReadCount.objects.filter(hour__lt=before), NetworkKey.objects.outdated(before=before)
    return [rows.count() if dry_run else rows.delete()[0] for rows in old]
