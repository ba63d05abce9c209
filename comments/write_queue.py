"""Writers of one process wait in line here, before they wait in the database.

Each writer that waits occupies a thread and a connection. When another session holds the row of a
thread (on SQLite: the database) all threads of a process would soon wait for it, and writers of
other articles behind them. Here one of them waits in the database, a few wait for it, and more are
refused once it is clear that nothing moves.
"""

from contextlib import ExitStack, contextmanager, nullcontext
from threading import Lock, local
from time import monotonic

from django.db import OperationalError, connection

from articles.web.outages import Busy, Outage, find_outage

PATIENT = 2  # writers in one line that wait as long as they may
HURRY = 2.5  # seconds that more of them wait, and for which the first may hold the line up
ALL = None  # the one line of all writers of SQLite


class Line:
    """The writers of one article."""

    def __init__(self):
        self.users = 0  # with the one whose turn it is
        self._turn = Lock()
        self._waiting, self._turn_since, self._failed_at = 0, 0.0, 0.0

    @contextmanager
    def take_turn(self, longest, *, is_alone):
        """Wait for the turn. Raises ``Busy`` if it does not come in time, or if the writer before
        has waited for the database in vain. ``is_alone``: the writer needs this line alone, so
        its failure is that of the line."""
        if not self._turn.acquire(blocking=False):
            self._wait(longest)
        self._turn_since = monotonic()
        try:
            yield
        except OperationalError as error:
            if is_alone and find_outage(error) is Outage.BUSY:
                self._failed_at = monotonic()
            raise
        finally:
            self._turn.release()

    def _wait(self, longest):
        began, is_patient = monotonic(), longest < 0 or self._waiting < PATIENT
        if not is_patient and began - self._turn_since > HURRY:
            raise Busy
        self._waiting += 1
        try:
            has_turn = self._turn.acquire(timeout=longest if is_patient else HURRY)
        finally:
            self._waiting -= 1
        if not has_turn:
            raise Busy
        if self._failed_at > began:
            self._turn.release()
            raise Busy


class WriteQueue:
    """The lines of a process. ``longest``: the seconds that a writer waits, -1 without limit."""

    def __init__(self):
        self.longest = -1
        self._lines, self._lock = {}, Lock()
        self._mine = local()  # the keys whose turn is this thread's

    def wait_for(self, article_ids):
        """Return a context in which no other writer of the process writes to these articles.

        Within a transaction it does nothing: the transaction has waited. PostgreSQL has queues of
        its own, which are good enough for processes without a limit.
        """
        if connection.in_atomic_block:
            return nullcontext()
        if connection.vendor == "sqlite":  # whose own busy handler backs off longer and longer
            return self._join([ALL])
        return nullcontext() if self.longest < 0 else self._join(sorted(set(article_ids)))

    @contextmanager
    def _join(self, keys):
        with ExitStack() as lines:
            for key in keys:  # everybody in the same order, so nobody waits in a circle
                lines.enter_context(self._join_one(key, is_alone=len(keys) == 1))
            yield

    @contextmanager
    def _join_one(self, key, *, is_alone):
        mine = self._mine.__dict__.setdefault("keys", set())
        if key in mine:  # a write that follows from one of this thread, after its commit
            yield
            return
        with self._lock:
            line = self._lines.setdefault(key, Line())
            line.users += 1
        try:
            with line.take_turn(self.longest, is_alone=is_alone):
                mine.add(key)
                yield
        finally:
            mine.discard(key)
            with self._lock:
                line.users -= 1
                if not line.users:
                    del self._lines[key]


queue = WriteQueue()
