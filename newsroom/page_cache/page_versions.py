"""The versions of pages: one compiled query, remembered for a moment."""

from dataclasses import dataclass
from math import inf
from time import monotonic

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.db.models import Subquery

from articles.models import Article, compiled
from articles.web import editions
from newsroom.database_limits import note_silence, wait_at_most
from newsroom.edition import ONLY
from newsroom.models import Edition
from newsroom.site_identity import note_edition

MOST = 10_000  # remembered versions
PAUSE = 1  # seconds from a failure of the database to the next attempt
# Seconds that a request waits: for a page that is probably cached, and for any other.
SHORT, LONG = 0.6, 2
SILENCE = 8  # seconds, unless it answers again, for which requests under way count on no answer


class DatabaseAway(Exception):
    """The database does not answer. ``remembered``: the last known version, or None."""

    def __init__(self, remembered):
        super().__init__()
        self.remembered = remembered


@dataclass(frozen=True, slots=True)
class PageVersion:
    """The state of the content of a page: of the site, and on an article's page that of what all
    pages show, of the article (primary key and version) and of the thread. ``last_number``: of the
    comments in the thread."""

    read_at: float
    edition: int | None
    chrome: int | None = None
    article: int | None = None
    article_version: int | None = None
    thread: int | None = None
    last_number: int | None = None

    @property
    def content(self):
        """What the page depends on as a whole; the lists on an article's page depend on the
        edition."""
        if self.article is None:
            return (self.edition,)
        return self.chrome, self.article, self.article_version, self.thread


class PageVersions:
    """Reads versions. One of these serves all threads of a process."""

    def __init__(self):
        self._remembered = {}
        self._away_until = {SHORT: 0.0, LONG: 0.0}

    def read(self, slug, *, may_be_late, patience=None):
        """Return the version of an article's page, by its slug, or of another page (empty slug).

        ``may_be_late``: it may be ``settings.PAGE_VERSION_SECONDS`` old. ``patience``: see
        ``ask``. Raises ``DatabaseAway``.
        """
        asked_at, remembered = monotonic(), self._remembered.get(slug)
        age = asked_at - remembered.read_at if remembered else inf
        if may_be_late and age < settings.PAGE_VERSION_SECONDS:
            editions.note_edition(remembered.edition)
            return remembered
        patience = patience or (SHORT if remembered else LONG)
        row = self.ask(_read, slug, remembered=remembered, patience=patience)
        version = PageVersion(asked_at, *row)
        note_edition(version.edition)
        if len(self._remembered) >= MOST:
            self._remembered.clear()
        self._remembered[slug] = version
        return version

    def ask(self, read, *arguments, remembered=None, patience=LONG):
        """Return what a function reads from the database, and give its connection back.

        Raises ``DatabaseAway`` after ``patience``, SHORT or LONG. Then all who have no more of it
        get that answer at once, until one of them asks again a moment later.
        """
        asked_at = monotonic()
        if asked_at < self._away_until[patience]:
            raise DatabaseAway(remembered)
        if self._away_until[patience]:  # the others need not wait for this attempt
            self._away_until[patience] = asked_at + patience
        try:
            with wait_at_most(patience):
                row = read(*arguments)
        except (OperationalError, InterfaceError) as error:
            now = monotonic()
            is_slow = patience == SHORT and now - asked_at >= SHORT
            if now - asked_at >= LONG:
                note_silence(SILENCE)
            for known in [SHORT] if is_slow else [SHORT, LONG]:
                self._away_until[known] = now + PAUSE
            raise DatabaseAway(remembered) from error
        else:
            self._away_until[SHORT] = self._away_until[patience] = 0.0
            note_silence(0)
            return row
        finally:
            if not connection.in_atomic_block:  # as in a test
                connection.close_if_unusable_or_obsolete()


def _read(slug):
    row = slug and _of_article.first(slug)
    return row or (_edition.first(ONLY),)


@compiled.rows
def _edition(pk):
    return Edition.objects.filter(pk=pk).values_list("number", flat=True)


@compiled.rows
def _of_article(slug):
    edition = Edition.objects.filter(pk=ONLY)
    counters = (Subquery(edition.values(name)) for name in ("number", "chrome"))
    article = Article.objects.order_by().filter(slug=slug)
    return article.values_list(*counters, "pk", "version", "thread__version", "thread__last_number")
