"""Limits of waiting for the database, in processes that answer requests.

PostgreSQL itself ends a statement, a wait for a lock and an idle transaction that take too long. A
server that hangs ends nothing, and behind a broken network no answer arrives at all, so the
process has a limit of its own. Management commands have neither: a migration, an import or a
purge may take hours.
"""

import logging
import os
import socket
from contextlib import contextmanager, suppress
from math import inf
from threading import Thread, local
from time import monotonic, sleep

import psycopg
from django.conf import settings
from django.db import connections

from comments.write_queue import queue

GRACE = 2  # seconds after which the process gives up, when the database should have
IDLE_SECONDS = 30  # that a transaction may do nothing

STEP = 0.1  # seconds between two looks at who waits
PAUSE = 5  # seconds from a failure of the watch to its next look

logger = logging.getLogger(__name__)

_thread = local()
_waiting = {}  # connection: since when, and until when
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
        start_watch()


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
    """A connection that ends, as if the database had closed it, when no answer comes in time."""

    def wait(self, *args, **kwargs):
        now = monotonic()
        until = now + settings.DATABASE_STATEMENT_SECONDS + GRACE
        _waiting[self] = now, min(until, getattr(_thread, "until", inf))
        try:
            return super().wait(*args, **kwargs)
        finally:
            del _waiting[self]


def start_watch():
    """Watch over the connections of this process. A thread does it, because it costs a statement
    30 µs to look at the clock while it waits."""
    Thread(target=_watch, name="database watch", daemon=True).start()


def _watch():
    while True:
        sleep(STEP)
        try:
            _cut_late()
        except Exception:  # without this thread a request could wait for ever
            logger.exception("The watch over the database failed; it goes on.")
            sleep(PAUSE)


def _cut_late():
    now = monotonic()
    for connection, (began, until) in list(_waiting.items()):
        if now > until or began + GRACE < now < _silence["until"]:
            _cut(connection)


def _cut(connection):
    """End a connection from outside: whoever waits for an answer gets an error at once."""
    with (
        suppress(OSError, psycopg.Error),  # it has just ended
        socket.socket(fileno=os.dup(connection.pgconn.socket)) as same,
    ):
        same.shutdown(socket.SHUT_RDWR)
