"""Classifies errors of the database and of the disk as outages."""

import errno
from enum import Enum, auto

from django.db import DatabaseError, InterfaceError, OperationalError


class Outage(Enum):
    AWAY = auto()  # it does not answer
    READ_ONLY = auto()  # it answers, but writes nothing: it is full or read-only
    BUSY = auto()  # another transaction holds what this one needs

    @property
    def retry_after(self):
        """Seconds, for programs that read on or write again."""
        return 5 if self is Outage.BUSY else 30


FULL_DISK = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}


class Busy(OperationalError):
    """Others who write to the same place have waited too long."""


# PostgreSQL's error codes (its manual, appendix A) or their first two characters, the class.
CODES = {
    "08": Outage.AWAY,  # connection exception
    "57P": Outage.AWAY,  # shutdown, or not yet ready
    "53300": Outage.AWAY,  # too many connections
    "25006": Outage.READ_ONLY,
    "53100": Outage.READ_ONLY,  # disk full
    "55P03": Outage.BUSY,  # lock not available
    "57014": Outage.BUSY,  # statement timeout
    "40P01": Outage.BUSY,  # deadlock
    "25P03": Outage.BUSY,  # a transaction that did nothing for too long
}
# SQLite's messages (its result codes CANTOPEN, READONLY, FULL, IOERR and BUSY).
MESSAGES = {
    "unable to open": Outage.AWAY,
    "readonly database": Outage.READ_ONLY,
    "is full": Outage.READ_ONLY,
    "disk i/o error": Outage.READ_ONLY,
    "is locked": Outage.BUSY,
}


def find_outage(error):
    """Return the outage behind an exception, or None if it is a fault of the program.

    An operational error of psycopg without a code says that there was no answer at all.
    """
    if isinstance(error, OSError):
        return Outage.READ_ONLY if error.errno in FULL_DISK else None
    if isinstance(error, InterfaceError):
        return Outage.AWAY
    if isinstance(error, Busy):
        return Outage.BUSY
    if not isinstance(error, DatabaseError):
        return None
    cause = error.__cause__
    if not hasattr(cause, "sqlstate"):
        text = str(error).lower()
        return next((outage for part, outage in MESSAGES.items() if part in text), None)
    code = cause.sqlstate
    if not code:
        return Outage.AWAY if isinstance(error, OperationalError) else None
    return next((outage for begin, outage in CODES.items() if code.startswith(begin)), None)
