"""A session that holds a lock without end: its own writers are told, all others go on."""

import threading
import time
from contextlib import contextmanager
from http.client import HTTPConnection
from urllib.parse import urlencode

import psycopg
import pytest
from django.db import connection, connections

from comments.posting import post
from tests import factories
from tests.benchmarks import databases, servers

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

SETTINGS = "tests.newsroom.door.settings"
STUCK = 40  # writers, more than the threads and connections of both processes
LOCK_SECONDS = 3
EARLY = 1.5  # seconds in which others answer on a busy machine
TEXT = "長い意見をここに書いた。"


@pytest.fixture
def site(transactional_db):
    url = databases.address_of(connection.settings_dict)
    changes = {"DATABASE_LOCK_SECONDS": str(LOCK_SECONDS), "DJANGO_SETTINGS_MODULE": SETTINGS}
    with servers.Server(url, workers=2, **changes) as site:
        yield site


@pytest.fixture
def articles(transactional_db):
    articles = factories.article(slug="here"), factories.article(slug="elsewhere")
    for article in articles:
        post(article, text="一番")
    return articles


@contextmanager
def hold(article):
    """Hold the lock of a thread in a session of our own; on SQLite that of the database."""
    if connection.vendor == "sqlite":
        other = connections.create_connection("default")
        with other.cursor() as cursor:
            cursor.execute("BEGIN IMMEDIATE")
            yield
            cursor.execute("ROLLBACK")
        other.close()
        return
    with psycopg.connect(databases.address_of(connection.settings_dict)) as session:
        row = "SELECT 1 FROM comments_thread WHERE article_id = %s FOR UPDATE"
        session.execute(row, [article.pk])
        yield
        session.rollback()


def send(site, path, fields=None):
    """Return the status of an answer, its headers, its text, and the seconds that it took."""
    connection = HTTPConnection(servers.HOST, site.port, timeout=60)
    since = time.monotonic()
    headers = {"Origin": site.address, "Sec-Fetch-Site": "same-origin"}
    headers |= {"Content-Type": "application/x-www-form-urlencoded"}
    body = fields and urlencode(fields)
    connection.request("POST" if fields else "GET", path, body, headers if fields else {})
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, answer.headers, text, time.monotonic() - since


@contextmanager
def stuck_writers(site, article):
    """Send posts to an article all at once; yields a list of their answers."""
    answers = []

    def write():
        answers.append(send(site, f"/threads/{article.pk}/comments/", {"text": TEXT}))

    writers = [threading.Thread(target=write) for _ in range(STUCK)]
    for writer in writers:
        writer.start()
    yield answers
    for writer in writers:
        writer.join()


def test_a_lock_without_end_delays_its_own_writers(site, articles):
    here, elsewhere = articles
    pages = [here.get_absolute_url(), "/", "/search/?q=ship", "/feed/"]
    for page in pages * 4:
        assert send(site, page)[0] == 200
    for article in articles:  # the first post of a week writes a key
        path = f"/threads/{article.pk}/comments/"
        assert send(site, path, {"text": "最初の意見"})[0] == 303
    with hold(here), stuck_writers(site, here) as answers:
        until = time.monotonic() + LOCK_SECONDS + 1
        while time.monotonic() < until:
            for page in pages:
                status, _headers, _text, seconds = send(site, page)
                assert (status, seconds < EARLY) == (200, True), (page, seconds)
        if connection.vendor == "postgresql":
            path = f"/threads/{elsewhere.pk}/comments/"
            status, _headers, _text, seconds = send(site, path, {"text": "別の意見"})
            assert (status, seconds < EARLY) == (303, True), seconds
    assert len(answers) == STUCK
    for status, headers, text, seconds in answers:
        assert (status, headers["Retry-After"]) == (503, "5")
        assert TEXT in text
        assert "混み合" in text
        assert seconds < 2 * LOCK_SECONDS + EARLY  # for whoever came just before the first gave up
    status, *_rest = send(site, f"/threads/{here.pk}/comments/", {"text": TEXT})
    assert status == 303
