"""What all pages share is made within a second of a change, before a reader asks for any."""

from threading import Thread

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.models import Article
from newsroom.edition import raise_edition
from newsroom.page_cache import edition_watch, page_versions
from newsroom.page_cache.edition_watch import EditionWatch, start_watching
from newsroom.page_cache.page_versions import DatabaseAway
from tests import factories

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


@pytest.fixture
def article(settings):
    settings.PAGE_CACHE_SECONDS = 60
    factories.article(title="潮位")
    return factories.article(title="連絡船")


def count_queries(article):
    """Return how many queries the page of an article takes after a change of another."""
    with CaptureQueriesContext(connection) as captured:
        assert Client().get(article.get_absolute_url()).status_code == 200
    return len(captured)


def test_the_first_page_of_an_edition_finds_what_all_share(article):
    watch = EditionWatch()
    count_queries(article)
    raise_edition(is_of_all=False)
    alone = count_queries(article)
    raise_edition(is_of_all=False)
    assert watch.look()
    assert count_queries(article) <= alone - 3
    assert not watch.look()


def test_what_has_changed_is_shown(article):
    watch = EditionWatch()
    count_queries(article)
    new = factories.article(title="新しい航路", kind=Article.Kind.PAGE)
    watch.look()
    assert "新しい航路" in Client().get(article.get_absolute_url()).content.decode()
    new.title = "別の航路"
    new.save()
    watch.look()
    page = Client().get(article.get_absolute_url()).content.decode()
    assert "別の航路" in page
    assert "新しい航路" not in page


def test_it_tries_again_after_an_outage(article, monkeypatch):
    watch, read = EditionWatch(), page_versions._read

    def fail(slug):
        raise OperationalError

    monkeypatch.setattr(page_versions, "_read", fail)
    monkeypatch.setattr(page_versions, "PAUSE", 0)
    with pytest.raises(DatabaseAway):
        watch.look()
    monkeypatch.setattr(page_versions, "_read", read)
    assert watch.look()


@pytest.mark.parametrize(("seconds", "threads"), [(5, ["editions"]), (0, [])])
def test_it_needs_a_page_cache(settings, monkeypatch, seconds, threads):
    started = []
    monkeypatch.setattr(Thread, "start", lambda thread: started.append(thread.name))
    settings.PAGE_CACHE_SECONDS = seconds
    start_watching()
    assert started == threads


def test_a_fault_ends_no_thread(monkeypatch):
    looks = []

    def look(watch):
        looks.append(watch)
        raise LookupError

    def sleep(seconds):
        if len(looks) == 2:
            raise StopIteration  # the process ends

    monkeypatch.setattr(EditionWatch, "look", look)
    monkeypatch.setattr(edition_watch, "sleep", sleep)
    with pytest.raises(StopIteration):
        edition_watch._watch_again_and_again()
    assert len(looks) == 2
