"""The versions of pages: one compiled query, remembered for a moment."""

from dataclasses import dataclass
from math import inf
from time import monotonic

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.db.models import Subquery

from articles.models import compiled
from comments.models import Thread
from newsroom.edition import ONLY
from newsroom.models import Edition
from newsroom.site_identity import note_edition

MOST = 10_000  # remembered versions
PAUSE = 1  # seconds from a failure of the database to the next attempt


class DatabaseAway(Exception):
    """The database does not answer. ``remembered``: the last known version, or None."""

    def __init__(self, remembered):
        super().__init__()
        self.remembered = remembered


@dataclass(frozen=True, slots=True)
class PageVersion:
    """The state of the content of a page. ``last_number``: of the comments in the thread."""

    edition: int | None
    thread: int | None
    last_number: int
    read_at: float

    @property
    def content(self):
        return self.edition, self.thread


class PageVersions:
    """Reads versions. One of these serves all threads of a process."""

    def __init__(self):
        self._remembered = {}
        self._away_until = 0.0

    def read(self, slug, *, may_be_late):
        """Return the version of an article's page, by its slug, or of another page (empty slug).

        ``may_be_late``: it may be ``settings.PAGE_VERSION_SECONDS`` old. Raises ``DatabaseAway``.
        """
        asked_at, remembered = monotonic(), self._remembered.get(slug)
        age = asked_at - remembered.read_at if remembered else inf
        if may_be_late and age < settings.PAGE_VERSION_SECONDS:
            return remembered
        version = PageVersion(*self.ask(_read, slug, remembered=remembered), asked_at)
        note_edition(version.edition)
        if len(self._remembered) >= MOST:
            self._remembered.clear()
        self._remembered[slug] = version
        return version

    def ask(self, read, *arguments, remembered=None):
        """Return what a function reads from the database, and give its connection back. Raises
        ``DatabaseAway``, for a moment without another attempt."""
        if monotonic() < self._away_until:
            raise DatabaseAway(remembered)
        try:
            return read(*arguments)
        except (OperationalError, InterfaceError) as error:
            self._away_until = monotonic() + PAUSE
            raise DatabaseAway(remembered) from error
        finally:
            if not connection.in_atomic_block:  # as in a test
                connection.close_if_unusable_or_obsolete()


def _read(slug):
    row = slug and _edition_and_thread.first(slug)
    return row or (_edition.first(ONLY), None, 0)


@compiled.rows
def _edition(pk):
    return Edition.objects.filter(pk=pk).values_list("number", flat=True)


@compiled.rows
def _edition_and_thread(slug):
    edition = Edition.objects.filter(pk=ONLY).values("number")
    threads = Thread.objects.filter(article__slug=slug)
    return threads.values_list(Subquery(edition), "version", "last_number")
