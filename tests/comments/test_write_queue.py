"""The line of writers: who waits, who is refused, and who is not concerned."""

import threading
from contextlib import closing

import pytest
from django.db import connection

from articles.web.outages import Busy, Outage, find_outage
from comments import write_queue
from comments.models import trees
from comments.models.trees import thread_write
from comments.posting import post
from comments.write_queue import PATIENT, WriteQueue
from tests import factories
from tests.comments.conftest import Browser

pytestmark = pytest.mark.django_db(transaction=True)

HERE, ELSEWHERE = 1, 2  # articles


class Waiter(threading.Thread):
    """Another writer; ``outcome`` is what became of it."""

    def __init__(self, queue, article_id):
        super().__init__(daemon=True)
        self._queue, self._article_id, self.outcome = queue, article_id, None
        self.start()

    def run(self):
        try:
            with self._queue.wait_for([self._article_id]):
                self.outcome = "served"
        except Busy:
            self.outcome = "refused"
        finally:
            connection.close()


@pytest.fixture
def queue():
    queue = WriteQueue()
    queue.longest = 3
    return queue


def start_waiters(queue, many):
    """Start writers of one article one after the other."""
    waiters = []
    for _ in range(many):
        waiters.append(Waiter(queue, HERE))
        waiters[-1].join(0.1)
    return waiters


def outcomes(waiters):
    for waiter in waiters:
        waiter.join(10)
    return [waiter.outcome for waiter in waiters]


@pytest.fixture
def hurry(monkeypatch):
    monkeypatch.setattr(write_queue, "HURRY", 0.5)


@pytest.mark.usefixtures("hurry")
class TestLine:
    def test_all_are_served_one_after_the_other(self, queue):
        with queue.wait_for([HERE]):
            waiters = start_waiters(queue, PATIENT + 1)
        assert outcomes(waiters) == ["served"] * (PATIENT + 1)

    def test_few_wait_long_while_nothing_moves(self, queue):
        with queue.wait_for([HERE]):
            waiters = start_waiters(queue, PATIENT + 1)
            waiters[-1].join(1)
            late = Waiter(queue, HERE)
            late.join(0.2)
            assert [waiter.outcome for waiter in waiters] == [None] * PATIENT + ["refused"]
            assert late.outcome == "refused"  # at once
        assert outcomes(waiters[:PATIENT]) == ["served"] * PATIENT

    def test_nobody_waits_without_end(self, queue):
        queue.longest = 0.3
        with queue.wait_for([HERE]):
            assert outcomes([Waiter(queue, HERE)]) == ["refused"]

    @pytest.mark.slow
    def test_without_a_limit_nobody_is_refused(self, queue):
        queue.longest = -1
        with queue.wait_for([HERE]):
            waiters = start_waiters(queue, PATIENT + 1)
            waiters[-1].join(1)
        assert outcomes(waiters) == ["served"] * (PATIENT + 1)

    def test_waiters_share_the_failure_of_the_first(self, queue):
        with pytest.raises(Busy), queue.wait_for([HERE]):
            waiters = start_waiters(queue, PATIENT)
            raise Busy
        assert outcomes(waiters) == ["refused"] * PATIENT
        assert outcomes([Waiter(queue, HERE)]) == ["served"]

    @pytest.mark.postgresql
    def test_a_failure_at_several_articles_says_nothing_about_each(self, queue):
        with pytest.raises(Busy), queue.wait_for([HERE, ELSEWHERE]):
            waiters = start_waiters(queue, 1)
            raise Busy
        assert outcomes(waiters) == ["served"]

    def test_nothing_is_remembered_of_those_who_went(self, queue):
        queue.longest = 0.1
        with queue.wait_for([HERE, ELSEWHERE]):
            outcomes([Waiter(queue, HERE)])
        assert queue._lines == {}

    @pytest.mark.postgresql
    def test_writers_of_another_article_do_not_wait(self, queue):
        with queue.wait_for([HERE]):
            assert outcomes([Waiter(queue, ELSEWHERE)]) == ["served"]

    def test_a_refusal_is_no_fault(self):
        assert find_outage(Busy()) is Outage.BUSY


@pytest.fixture
def articles():
    articles = factories.article(slug="here"), factories.article(slug="elsewhere")
    for article in articles:
        post(article, text="一番")
    return articles


@pytest.fixture
def locked(articles, monkeypatch):
    """Let another process write to the first article; a request waits for it a second."""
    is_locked, is_done = threading.Event(), threading.Event()

    def write():
        with closing(connection), thread_write(articles[0]):
            is_locked.set()
            is_done.wait(20)

    with monkeypatch.context() as elsewhere:  # a place in our line is none of that process
        elsewhere.setattr(trees, "queue", WriteQueue())
        writer = threading.Thread(target=write, daemon=True)
        writer.start()
        assert is_locked.wait(10)
    monkeypatch.setattr(trees.queue, "longest", 1)
    wait = {"sqlite": "PRAGMA busy_timeout = 1000", "postgresql": "SET lock_timeout = '1s'"}
    with connection.cursor() as cursor:
        cursor.execute(wait[connection.vendor])
    yield
    if connection.vendor == "postgresql":  # the pool keeps the connection, and its limit
        with connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")
    connection.close()
    is_done.set()
    writer.join(10)


@pytest.mark.usefixtures("locked")
class TestLockedThread:
    def test_its_writer_is_told_and_gets_the_text_back(self, articles):
        answer = Browser().write(articles[0], "長い意見")
        assert answer.status_code == 503
        assert int(answer["Retry-After"]) < 10
        page = answer.content.decode()
        assert "混み合" in page
        assert "長い意見" in page

    def test_its_voter_is_told(self, articles):
        answer = Browser().vote(articles[0].thread.comments.get(), 1)
        assert answer.status_code == 503

    @pytest.mark.postgresql
    def test_writers_of_others_notice_nothing(self, articles):
        assert Browser().write(articles[1], "別の意見").status_code == 303
