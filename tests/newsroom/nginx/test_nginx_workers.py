"""Behind nginx nobody notices that workers are replaced or die."""

import os
import random
import signal
import threading
import time
from pathlib import Path

import pytest

from comments.models import Comment
from tests.newsroom.nginx.front import wait_until

pytestmark = [pytest.mark.once, pytest.mark.slow]

READERS = 6
PAUSE = 0.05  # seconds between two requests of a reader


class Load:
    """Readers who read past the cache, post and vote until they are stopped."""

    def __init__(self, front, article):
        self._front, self._article = front, article
        self._comment = article.thread.comments.get()
        self._stopped = threading.Event()
        self._readers = [threading.Thread(target=self._run, args=[name]) for name in range(READERS)]
        self.answers, self.acknowledged = [], []

    def __enter__(self):
        for reader in self._readers:
            reader.start()
        return self

    def __exit__(self, *error):
        self._stopped.set()
        for reader in self._readers:
            reader.join()

    def _run(self, name):
        cookie, number = f"__Host-reader=reader-{name}-{'x' * 30}", 0
        while not self._stopped.is_set():
            number += 1
            text = f"{name} 人目の {number} 番目の意見"
            actions = {
                "read": lambda: self._front.ask(f"/articles/{self._article.slug}/", Cookie=cookie),
                "post": lambda text=text: self._front.send(
                    f"/threads/{self._article.pk}/comments/", {"text": text}, Cookie=cookie
                ),
                "vote": lambda: self._front.send(
                    f"/comments/{self._comment.pk}/vote/", {"value": "1"}, Cookie=cookie
                ),
            }
            action = random.choice(list(actions))
            answer = actions[action]()
            self.answers.append((action, answer.status))
            if (action, answer.status) == ("post", 303):
                self.acknowledged.append(text)
            time.sleep(PAUSE)

    def check(self):
        """Nothing failed, and what was acknowledged is there once."""
        wrong = {answer for answer in self.answers if answer[1] not in {200, 303}}
        assert wrong == set(), [answer for answer in self.answers if answer in wrong]
        texts = list(
            Comment.objects.filter(text__in=self.acknowledged).values_list("text", flat=True)
        )
        assert sorted(texts) == sorted(self.acknowledged)
        assert len(self.acknowledged) > READERS


def list_workers(site):
    """Return the numbers of the processes that the server's main process has started to serve."""
    children = Path(f"/proc/{site.process.pid}/task/{site.process.pid}/children").read_text()
    return {
        int(number)
        for number in children.split()
        if b"resource_tracker" not in Path(f"/proc/{number}/cmdline").read_bytes()
    }


@pytest.fixture
def workers(front, site):
    """The site with two workers, as in the unit; returns what lists them."""
    site.kill()
    site.start(workers=2)
    wait_until(lambda: len(list_workers(site)) == 2)
    yield lambda: list_workers(site)
    site.kill()


def test_a_reload_replaces_all_workers_and_no_request_fails(front, site, workers, article):
    old = workers()
    with Load(front, article) as load:
        time.sleep(1)
        site.send(signal.SIGHUP)
        wait_until(lambda: not workers() & old, seconds=90)
        time.sleep(2)
    assert len(workers()) == 2
    load.check()


def test_a_killed_worker_is_replaced_and_no_request_fails(front, site, workers, article):
    old = workers()
    with Load(front, article) as load:
        time.sleep(2)
        os.kill(min(old), signal.SIGKILL)
        wait_until(lambda: len(workers() - {min(old)}) == 2, seconds=60)
        time.sleep(3)
    load.check()
