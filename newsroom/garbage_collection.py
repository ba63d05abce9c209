"""Garbage collection by a thread of the server, between requests where it can.

Python collects in the middle of whichever request has allocated one object too many. A collection
takes as long as several pages, and a page that is kept leaves no garbage at all. So the thread
collects, while the rest of its process is quiet, or when there is too much to wait any longer.
"""

import gc
from threading import Thread
from time import monotonic, process_time, sleep

PAUSE = 1  # seconds from look to look
QUIET = 0.1  # of a core, used by the process since the last look
SOME, MANY = 2_000, 20_000  # new objects: worth a collection, and too many to wait for quiet
NEW, ALL = 1, 2  # generations: the new objects and those that outlived one collection; all
# Seconds from one collection of all objects to the next, in quiet and at the latest.
ALL_AGAIN, ALL_AT_LATEST = 600, 3_600


class Collector:
    """Decides when to collect what."""

    def __init__(self):
        self._all_at, self._looked_at, self._used = monotonic(), monotonic(), process_time()

    def look(self):
        """Collect if it is time to; return the generation that was collected, or None."""
        count, is_quiet = gc.get_count()[0], self._is_quiet()
        if count < SOME or not (is_quiet or count > MANY):
            return None
        is_due = monotonic() - self._all_at > (ALL_AGAIN if is_quiet else ALL_AT_LATEST)
        generation = ALL if is_due else NEW
        gc.collect(generation)
        if generation == ALL:
            self._all_at = monotonic()
        return generation

    def _is_quiet(self):
        looked_at, used = self._looked_at, self._used
        self._looked_at, self._used = monotonic(), process_time()
        return self._used - used < QUIET * (self._looked_at - looked_at)


def start_collecting():
    """Collect garbage in a thread alone, as long as this process runs."""
    gc.disable()
    Thread(target=_collect_again_and_again, name="garbage", daemon=True).start()


def _collect_again_and_again():
    collector = Collector()
    while True:
        sleep(PAUSE)
        collector.look()
