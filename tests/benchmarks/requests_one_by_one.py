"""Requests one at a time, and what each costs the server's processes.

Under ``Cold`` what the server has kept is forgotten before each request by the doors that the site
itself uses: a new identity of the database (as after a restore) leaves nothing, a new edition (as
after an editor's change of another article) leaves a page but not its lists. After some seconds
only the figures of other threads are filled in again.
"""

import time
from http.client import HTTPConnection, RemoteDisconnected

from django.db.models import F

from comments.models import Thread
from comments.readers import COOKIE
from newsroom.edition import raise_edition, renew_identity
from tests.benchmarks.cpu import read_group
from tests.benchmarks.servers import HOST

# Who posts asks the database for the version of each page, so that nobody has to wait for it.
READER = f"{COOKIE}=a-reader-of-the-benchmark-0000"
ENCODING = "br"  # as browsers take it
WARMING = 2
EXPIRY = 5.1  # seconds; PAGE_CACHE_SECONDS is 5 unless an operator sets it


class Requests:
    """A connection to a running site."""

    def __init__(self, site, cookie=READER):
        self._site, self._cookie = site, cookie
        self._connection = HTTPConnection(HOST, site.port, timeout=120)

    def get(self, path, status=200, **headers):
        """Return (body, headers) of an answer; raise if it has another status."""
        headers = {"Cookie": self._cookie, "Accept-Encoding": ENCODING} | headers
        headers = {name: value for name, value in headers.items() if value}
        try:
            self._connection.request("GET", path, headers=headers)
            answer = self._connection.getresponse()
        except RemoteDisconnected:  # the server closes what was idle for ten seconds
            self._connection.close()
            self._connection.request("GET", path, headers=headers)
            answer = self._connection.getresponse()
        body = answer.read()
        if answer.status != status:
            raise RuntimeError(f"{path} answers {answer.status}.\n{self._site.log}")
        return body, answer.headers

    def measure(self, paths, before=lambda: None):
        """Return (seconds of the server's processor, seconds of the clock) of each request."""
        taken = []
        for path in paths:
            before()
            used, begun = read_group(self._site.group), time.perf_counter()
            self.get(path)
            seconds = time.perf_counter() - begun
            taken.append((read_group(self._site.group) - used, seconds))
        return taken

    def measure_cold(self, path, forget, count):
        """Return the same of a page that is asked for again and again, each time cold."""
        for _ in range(WARMING):
            forget()
            self.get(path)
        return self.measure([path] * count, before=forget)


def forget_all():
    """Leave nothing of what is kept, in Redis and in each process."""
    renew_identity()


def forget_lists():
    """Leave the pages of articles but for their lists, and no other page."""
    raise_edition(is_of_all=False)


def renew_thread(article):
    """Let the thread of an article be another one, as after a comment or a vote."""
    Thread.objects.filter(article=article).update(version=F("version") + 1)


def wait_for_expiry():
    """Wait until the figures on a page are as old as they may be."""
    time.sleep(EXPIRY)
