"""What all pages of an edition share, made before the first of them is asked for.

The footer and the rankings are the same on all pages of articles. The first page after a change
would load and render them for all others, at almost twice the cost of any other. So a thread of
each process looks for a new edition once a second, by the query of a cached page.
"""

import logging
from threading import Thread
from time import sleep

from django.conf import settings

from articles.lookup import open_list_parts
from articles.templatetags.reading import FOOTER
from articles.web.gaps import render_gaps
from newsroom.page_cache.page_versions import PageVersions
from newsroom.side import RANKINGS

logger = logging.getLogger(__name__)

PAUSE = 1  # seconds
ON_ALL_PAGES = {(kind, 0) for kind in (FOOTER, RANKINGS)}  # gaps


class EditionWatch:
    """Makes what the pages of each new edition share in this process."""

    def __init__(self):
        self._versions, self._seen = PageVersions(), None

    def look(self):
        """Return whether there is a new edition, and what its pages share was made. Raises
        ``DatabaseAway`` or what else may go wrong; then the next look tries again."""
        edition = self._versions.read("", may_be_late=False).edition
        if edition == self._seen:
            return False
        self._versions.ask(_make_parts)
        self._seen = edition
        return True


def _make_parts():
    render_gaps(ON_ALL_PAGES, open_list_parts())


def start_watching():
    """Watch in a thread for as long as this process runs, if pages are cached."""
    if settings.PAGE_CACHE_SECONDS:
        Thread(target=_watch_again_and_again, name="editions", daemon=True).start()


def _watch_again_and_again():
    watch = EditionWatch()
    while True:
        sleep(PAUSE)
        try:
            watch.look()
        except Exception as error:  # the first page makes it then, or says what is wrong
            logger.info("Nothing was made for the pages of a new edition: %s", error)
