"""Requests one at a time, and what each costs the server's processes.

Under ``Cold`` what the server has kept is forgotten before each request by the doors that the site
itself uses: a new identity of the database (as after a restore) leaves nothing, a new version of
the thread (as after a vote) leaves all parts of a page but the whole.
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
WARMING = 2


class Requests:
    """A connection to a running site."""

    def __init__(self, site, cookie=READER):
        self._site, self._cookie = site, cookie
        self._connection = HTTPConnection(HOST, site.port, timeout=120)

    def get(self, path, status=200, **headers):
        """Return (body, headers) of an answer; raise if it has another status."""
        headers = {"Cookie": self._cookie} | headers
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


def forget_page(article):
    """Return what leaves the parts of an article's page, but not the page."""

    def forget():
        Thread.objects.filter(article=article).update(version=F("version") + 1)

    return forget


def forget_home():
    """Leave the parts of the front page, but not the page."""
    raise_edition()
