"""A worker behind nginx dies or stands still: the other one answers everything."""

import signal
import time

import psutil
import pytest

from comments.models import Comment
from tests import factories
from tests.newsroom.nginx.front import wait_until

pytestmark = [pytest.mark.once, pytest.mark.slow]

ROUNDS = 20


@pytest.fixture
def pair(front, site):
    """The site with two workers."""
    site.kill()
    site.start(workers=2)
    wait_until(lambda: len(find_workers(site)) == 2)
    time.sleep(3)  # until the second one answers too
    yield site
    site.kill()


def find_workers(site):
    children = psutil.Process(site.process.pid).children()
    return [child for child in children if "resource_tracker" not in " ".join(child.cmdline())]


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP])
def test_nobody_notices(front, pair, number):
    article = factories.article(slug=f"worker-{number}")
    worker = find_workers(pair)[0]
    statuses = []
    for turn in range(ROUNDS):
        if turn == ROUNDS // 4:
            worker.send_signal(number)
        reader = {"X_Forwarded_For": "", "Cookie": f"__Host-reader=key-of-a-reader-{turn:09}"}
        answers = [
            front.ask(f"/search/?q={number}-{turn}"),  # nothing that nginx has kept
            front.send(f"/threads/{article.pk}/comments/", {"text": f"意見 {turn}"}, **reader),
        ]
        statuses += [answer.status for answer in answers]
    assert statuses == [200, 303] * ROUNDS
    assert Comment.objects.filter(thread__article=article).count() == ROUNDS
    if number == signal.SIGKILL:
        wait_until(lambda: len(find_workers(pair)) == 2)
    else:
        worker.resume()
