"""What readers send: each workload says what comes next and learns from what was answered.

Nothing here knows Django: it runs in the process of the client.
"""

import random
import re
from collections import deque
from itertools import cycle
from urllib.parse import urlencode, urlsplit

READERS = 2_000  # who post; each has a cookie and a network of their own
LEADS = (302, 303)
LEADS_TO = re.compile(r"/(\d+)/$")
WORDS = (
    *(
        "港",
        "船",
        "夜",
        "朝",
        "市",
        "橋",
        "灯台",
        "連絡船",
        "値上げ",
        "説明会",
        "反対",
        "賛成",
        "資料",
    ),
    *("住民", "工事", "予算", "去年", "今年", "やっぱり", "たしかに", "しかし", "だから", "誰も"),
    *("知らない", "と思う", "らしい", "のでは", "それな", "記者", "市長", "漁協", "便", "時刻表"),
)


class Workload:
    """``request()`` of each returns the bytes to send and a note to remember them by, or None
    where nothing is left to send.

    ``answered`` returns whether the answer is the right one; what it acknowledged is collected
    in ``acknowledged``. ``right`` are the statuses of right answers.
    """

    right = (200,)

    def __init__(self, address, seed=0):
        self.address = address
        self.random = random.Random(seed)
        self.acknowledged = []

    def answered(self, note, status, headers):
        """Take the answer in: its status and its headers, in lower case."""
        return status in self.right

    def form(self, path, fields, *, reader, network):
        """Return a form as a browser sends it from a page of the site, through a proxy."""
        body = urlencode(fields)
        return (
            f"POST {path} HTTP/1.1\r\nHost: {urlsplit(self.address).netloc}\r\n"
            f"Origin: {self.address}\r\nSec-Fetch-Site: same-origin\r\n"
            f"Cookie: reader=key-of-a-reader-{reader:09d}\r\n"
            f"X-Forwarded-For: {network_address(network)}\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n{body}"
        ).encode()

    def sentence(self):
        return "".join(self.random.choices(WORDS, k=self.random.randint(8, 40))) + "。"


def network_address(number):
    """Return one of 16 million addresses."""
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


class Insert(Workload):
    """The yardstick: one plain row a request."""

    right = LEADS

    def request(self):
        reader = self.random.randrange(READERS)
        return self.form("/rows/", {"text": self.sentence()}, reader=reader, network=reader), None


class Read(Workload):
    """One page, again and again; with the ``etag`` of what the client has already."""

    def __init__(self, address, path, encoding="identity", etag="", **options):
        super().__init__(address, **options)
        known = f"If-None-Match: {etag}\r\n" if etag else ""
        self.right = (304,) if etag else (200,)
        self._request = (
            f"GET {path} HTTP/1.1\r\nHost: {urlsplit(address).netloc}\r\n"
            f"{known}Accept-Encoding: {encoding}\r\n\r\n"
        ).encode()

    def request(self):
        return self._request, None


class Post(Workload):
    """Replies to any comment of any tree that has room; where none has, a new tree under the
    articles in turn.

    ``threads`` are pairs of an article and its trees, each tree the primary keys of its comments.
    No tree grows past ``limit``. ``twice`` sends each post a second time at once, as a double
    click does. ``most`` ends the load after so many posts.
    """

    right = LEADS

    def __init__(self, address, threads, limit, *, twice=False, most=None, **options):
        super().__init__(address, **options)
        self._open = [(article, list(tree)) for article, trees in threads for tree in trees]
        self._articles = cycle([article for article, _trees in threads])
        self._expected = {id(tree): len(tree) for _article, tree in self._open}
        self._limit, self._left, self._twice = limit, most, twice
        self._again = deque()

    def request(self):
        if self._again:
            return self._again.popleft()
        if self._left == 0:
            return None
        if self._left:
            self._left -= 1
        article, tree = self._place()
        fields = {"text": self.sentence()}
        if tree:
            fields["parent"] = self.random.choice(tree)
        reader = self.random.randrange(READERS)
        sent = (
            self.form(f"/threads/{article}/comments/", fields, reader=reader, network=reader),
            (article, tree),
        )
        if self._twice:
            self._again.append(sent)
        return sent

    def answered(self, note, status, headers):
        if status not in self.right:
            return False
        found = LEADS_TO.search(headers.get("location", ""))
        if not found:
            return False
        pk = int(found[1])
        self.acknowledged.append(pk)
        article, tree = note
        if tree is None:
            self._open.append((article, grown := [pk]))
            self._expected[id(grown)] = 1
        else:
            tree.append(pk)
        return True

    def _place(self):
        """Return an article and one of its trees, or None for a new one."""
        while self._open:
            index = self.random.randrange(len(self._open))
            article, tree = self._open[index]
            if self._expected[id(tree)] < self._limit:
                self._expected[id(tree)] += 1
                return article, tree
            del self._open[index]
        return next(self._articles), None


class Vote(Workload):
    """Votes on ``comments`` in turn, each by a voter of their own.

    ``networks``: from how many the voters come (None: each from their own). ``most``: how many
    vote. ``times``: how often each sends the same vote, one right after the other.
    """

    right = LEADS

    def __init__(self, address, comments, *, networks=None, most=None, times=1, first=0, **options):
        super().__init__(address, **options)
        self._comments, self._networks, self._times = comments, networks, times
        self._next, self._end = first * times, most and (first + most) * times

    def request(self):
        if self._next == self._end:
            return None
        voter = self._next // self._times
        self._next += 1
        pk = self._comments[voter % len(self._comments)]
        network = voter % self._networks if self._networks else voter
        path = f"/comments/{pk}/vote/"
        return self.form(path, {"value": 1}, reader=READERS + voter, network=network), (pk, voter)

    def answered(self, note, status, headers):
        if status not in self.right:
            return False
        self.acknowledged.append(note)
        return True


KINDS = {kind.__name__: kind for kind in (Insert, Read, Post, Vote)}
