"""Light load on a site while its parts fall, and what is wrong with the answers."""

import itertools
import re
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlencode

PAUSE = 0.1  # seconds between two requests of one client
PATIENCE = 30  # seconds for an answer
SENSIBLE = {200, 303, 503}
POSTED = re.compile(r"/comments/(\d+)/")
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
OWN_WORDS = ("港湾新報", 'class="notice')  # one of them is on every page


@dataclass
class Load:
    """Readers, a poster and a voter, each a thread, from ``start`` to ``stop``.

    ``acknowledged`` are the comments that the site said it has. ``unreadable`` says what was wrong
    with answers, ``broken`` counts connections that ended without one, ``seen`` statuses by what
    was asked for. ``slowest`` is the longest time of an answer since the last ``take``.
    """

    address: str
    article: int
    pages: list[str]
    comment: int
    acknowledged: list[int] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)
    broken: Counter = field(default_factory=Counter)
    seen: Counter = field(default_factory=Counter)
    slowest: Counter = field(default_factory=Counter)

    def start(self):
        self._is_over, numbers = threading.Event(), itertools.count()
        clients = [self._read, self._read, lambda: self._post(next(numbers)), self._vote]
        self._threads = [threading.Thread(target=self._repeat, args=[act]) for act in clients]
        self._pages = itertools.cycle(self.pages)
        for thread in self._threads:
            thread.start()

    def stop(self):
        self._is_over.set()
        for thread in self._threads:
            thread.join()

    def take(self):
        """Return what was seen since the last time: statuses, broken connections, slowest."""
        taken = self.seen, self.broken, self.slowest
        self.seen, self.broken, self.slowest = Counter(), Counter(), Counter()
        return taken

    def _repeat(self, act):
        while not self._is_over.wait(PAUSE):
            act()

    def _read(self):
        self._send("read", next(self._pages))

    def _post(self, number):
        text = f"意見 {number} {time.time()}"
        path = f"/threads/{self.article}/comments/"
        answer = self._send("post", path, {"text": text}, reader=number)
        if answer is None:
            return
        status, location, page = answer
        if status == 303:
            self.acknowledged.append(int(POSTED.search(location)[1]))
        elif text not in page:
            self.unreadable.append(f"{status}: the text of a post is lost")

    def _vote(self):
        reader = time.monotonic_ns()
        self._send("vote", f"/comments/{self.comment}/vote/", {"value": 1}, reader=reader)

    def _send(self, kind, path, fields=None, *, reader=0):
        """Send a request; returns its status, Location and page, None if no answer came."""
        headers = {}
        if fields:
            headers = FORM | {
                "Origin": self.address,
                "Cookie": f"reader=key-of-reader-{reader:020}",
            }
            headers["X-Forwarded-For"] = (
                f"10.{reader >> 16 & 255}.{reader >> 8 & 255}.{reader & 255}"
            )
        connection = HTTPConnection(self.address.partition("//")[2], timeout=PATIENCE)
        since = time.monotonic()
        try:
            body = urlencode(fields) if fields else None
            connection.request("POST" if fields else "GET", path, body, headers)
            answer = connection.getresponse()
            page = answer.read().decode()
        except (OSError, HTTPException) as error:
            self.broken[kind, type(error).__name__] += 1
            return None
        finally:
            with suppress(OSError):
                connection.close()
        self.slowest[kind] = max(self.slowest[kind], time.monotonic() - since)
        self.seen[kind, answer.status] += 1
        if fault := find_fault(answer, page):
            self.unreadable.append(f"{kind} {path}: {answer.status}: {fault}\n{page[:500]}")
        return answer.status, answer.headers.get("Location", ""), page


def find_fault(answer, page):
    """Return what makes an answer no readable page of ours, or None."""
    if answer.status not in SENSIBLE:
        return "no sensible status"
    if answer.status == 303:
        return None
    if answer.status == 503 and not answer.headers.get("Retry-After", "").isdigit():
        return "it does not say when to come again"
    if not answer.headers.get("Content-Type", "").startswith("text/html"):
        return "no page"
    is_whole = page.lower().startswith("<!doctype html") and page.rstrip().endswith("</html>")
    if not is_whole or not any(words in page for words in OWN_WORDS):
        return "not a whole page of ours"
    return None
