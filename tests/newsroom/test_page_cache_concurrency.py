"""Concurrent requests for a page share one rendering, even in a busy thread."""

from threading import Barrier, Event, Thread
from time import time
from unittest import mock

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client, RequestFactory

from articles import views
from newsroom.page_cache.cached_page import HOT_RENDERINGS, HOT_SECONDS
from newsroom.page_cache.page_addresses import find_page_address
from newsroom.views import home
from tests import factories, staff
from tests.comments.conftest import Browser
from tests.newsroom.test_page_cache import SHIP, text
from tests.site_client import set_clock

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def article(settings):
    settings.PAGE_CACHE_SECONDS = 60
    made = factories.article(slug="ship")
    factories.comment(made, text="一番")
    return made


def call_concurrently(count, ask):
    """Return the results of concurrent calls, each in a thread."""
    answers = []

    def one():
        try:
            answers.append(ask())
        finally:
            connection.close()

    threads = [Thread(target=one) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_concurrent_requests_share_one_rendering(article, monkeypatch):
    """Eight ask together for a page that nobody has: it is made once."""
    made, together = [], Barrier(8)
    make = views.render_article_page

    def slow(*arguments):
        made.append(1)
        Event().wait(0.2)
        return make(*arguments)

    monkeypatch.setattr(views, "render_article_page", slow)

    def ask():
        together.wait()
        return Client().get(SHIP).content

    answers = call_concurrently(8, ask)
    assert len(made) == 1
    assert len(answers) == 8
    assert len(set(answers)) == 1


def test_no_request_waits_for_an_uncacheable_page(article, monkeypatch):
    article.withdraw(note="誤り。")
    assert Client().get(SHIP).status_code == 410
    together, make = Barrier(4, timeout=5), views.render_withdrawn_page

    def met(*arguments):
        together.wait()
        return make(*arguments)

    monkeypatch.setattr(views, "render_withdrawn_page", met)

    assert call_concurrently(4, lambda: Client().get(SHIP).status_code) == [410] * 4


def test_an_error_leaves_the_stale_page(article, monkeypatch):
    old = text("/")
    later = time() + 61
    set_clock(monkeypatch, lambda: later)
    with monkeypatch.context() as broken:
        broken.setattr(home, "Front", mock.Mock(side_effect=RuntimeError))
        client = Client(raise_request_exception=False)
        assert client.get("/").status_code == 500
    key = find_page_address(RequestFactory().get("/").environ).build_key(last_number=0)
    assert caches["pages"].get(key).plain.decode() == old
    assert text("/") == old


def test_requests_during_a_rendering_get_the_stale_page(article, monkeypatch):
    old = text("/")
    factories.comment(article, text="新しい意見")
    later = time() + 61
    set_clock(monkeypatch, lambda: later)
    inside, leave, answers = Event(), Event(), []
    make = home.Front

    def slow(*arguments):
        inside.set()
        leave.wait(5)
        return make(*arguments)

    monkeypatch.setattr(home, "Front", slow)

    first = Thread(target=lambda: answers.extend(call_concurrently(1, lambda: text("/"))))
    first.start()
    assert inside.wait(5)
    assert text("/") == old
    leave.set()
    first.join()
    assert "新しい意見" in answers[0]
    assert text("/") == answers[0]


class TestHotPage:
    @pytest.fixture
    def clock(self, monkeypatch):
        """A clock that moves only when the test sets it."""
        clock = mock.Mock(return_value=time())
        set_clock(monkeypatch, clock)
        return clock

    @pytest.fixture
    def busy_thread(self, article, clock):
        """More changes in a second than renderings."""
        for number in range(HOT_RENDERINGS):
            factories.comment(article, text=f"意見{number}")
            text(SHIP)
        factories.comment(article, text="最後の意見")

    def test_a_reader_sees_it_a_second_late(self, busy_thread, clock):
        assert "最後の意見" not in text(SHIP)
        clock.return_value += 1
        assert "最後の意見" in text(SHIP)

    def test_it_stays_hot_while_it_changes(self, article, busy_thread, clock):
        for number in range(5):
            clock.return_value += 1
            assert ("最後の意見" if number == 0 else f"後の意見{number}") in text(SHIP)
            factories.comment(article, text=f"後の意見{number + 1}")
            assert f"後の意見{number + 1}" not in text(SHIP)
        clock.return_value += HOT_SECONDS
        text(SHIP)
        factories.comment(article, text="落ち着いた意見")
        assert "落ち着いた意見" in text(SHIP)

    def test_a_writer_sees_it_at_once(self, article, busy_thread):
        writer = Browser()
        writer.write(article, "私の意見")
        assert "私の意見" in writer.get(SHIP).content.decode()
        assert "私の意見" in text(SHIP)

    def test_a_moderator_sees_it_at_once(self, busy_thread):
        moderator = staff.browser_of(factories.moderator())
        assert "最後の意見" in moderator.get(SHIP).content.decode()

    def test_its_first_changes_are_seen_at_once(self, article, clock):
        for number in range(HOT_RENDERINGS - 1):
            factories.comment(article, text=f"意見{number}")
            assert f"意見{number}" in text(SHIP)
