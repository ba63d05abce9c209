"""Limits of waiting for the database, in processes that answer requests.

PostgreSQL itself ends a statement, a wait for a lock and an idle transaction that take too long. A
server that hangs ends nothing, and behind a broken network no answer arrives at all, so the
process has a limit of its own. Management commands have neither: a migration, an import or a
purge may take hours.
"""

from contextlib import contextmanager
from math import inf
from threading import local
from time import monotonic

import psycopg
from django.conf import settings
from django.db import connections
from psycopg.waiting import Ready

from comments.write_queue import queue

GRACE = 2  # seconds after which the process gives up, when the database should have
IDLE_SECONDS = 30  # that a transaction may do nothing

_thread = local()
_silence = {"until": 0.0}  # of this process: when it stops believing that the database hangs


def limit_waiting():
    """Let writers and every later connection of this process wait no longer than the settings
    say."""
    queue.longest = settings.DATABASE_LOCK_SECONDS
    database = connections["default"].settings_dict  # that of all threads
    options = database["OPTIONS"]
    if database["ENGINE"] == "django.db.backends.sqlite3":
        options["timeout"] = settings.DATABASE_LOCK_SECONDS
        return
    limits = {
        "statement_timeout": settings.DATABASE_STATEMENT_SECONDS,
        "lock_timeout": settings.DATABASE_LOCK_SECONDS,
        "idle_in_transaction_session_timeout": IDLE_SECONDS,
    }
    named = [f"-c {name}={1000 * seconds}" for name, seconds in limits.items()]
    options["options"] = " ".join([*named, options.get("options", "")]).strip()
    if "pool" in options:
        options["pool"]["connection_class"] = ImpatientConnection


@contextmanager
def wait_at_most(seconds):
    """Give PostgreSQL so many seconds for all that this thread asks it meanwhile."""
    _thread.until = monotonic() + seconds
    try:
        yield
    finally:
        _thread.until = inf


def note_silence(seconds):
    """Take the database for hung: for so long, nobody waits more than GRACE for an answer."""
    _silence["until"] = monotonic() + seconds


class ImpatientConnection(psycopg.Connection):
    """A connection that closes itself when the database does not answer in time."""

    def wait(self, gen, *args, **kwargs):
        return super().wait(self._give_up(gen), *args, **kwargs)

    def _give_up(self, gen):
        """Run a generator of psycopg; it is told ``Ready.NONE`` while nothing arrives."""
        began = monotonic()
        until = began + settings.DATABASE_STATEMENT_SECONDS + GRACE
        until = min(until, getattr(_thread, "until", inf))
        try:
            wanted = next(gen)
            while True:
                ready = yield wanted
                if ready == Ready.NONE:
                    now = monotonic()
                    if now > until or began + GRACE < now < _silence["until"]:
                        self.pgconn.finish()
                        raise psycopg.OperationalError("The database did not answer in time")
                wanted = gen.send(ready)
        except StopIteration as end:
            return end.value
