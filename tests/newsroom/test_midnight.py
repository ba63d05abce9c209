"""Midnight and the new year come to a page that is kept, or while it is made."""

from datetime import timedelta
from math import inf
from time import time

import pytest
from django.core.cache import caches
from django.test import Client
from django.test.utils import override_settings
from django.utils import timezone

from articles import lookup, views
from articles.web import gaps
from comments.kept_pages import render_page_trees
from comments.models import Thread
from comments.thread_pages import ThreadPage
from newsroom.edition import raise_edition
from newsroom.page_cache import application, cached_page
from newsroom.views import home
from tests import factories
from tests.site_client import set_clock

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]

SHIP = "/articles/ship/"


@pytest.fixture
def clock(settings, monkeypatch):
    """Seconds that a test may add to the clock of the page cache."""
    settings.PAGE_CACHE_SECONDS = 5
    added = []
    set_clock(monkeypatch, lambda: time() + sum(added))
    return added


@pytest.fixture
def article(clock):
    article = factories.article(slug="ship")
    factories.comment(article, text="一番")
    return article


@pytest.fixture
def reader():
    return Client()


MEANWHILE = {
    "a page is rendered": ("/", [(home, "Front")]),
    "an article's page is rendered": (SHIP, [(gaps, "render_gaps"), (cached_page, "render_gaps")]),
    "its gaps are filled again": (SHIP, [(cached_page, "render_gaps")]),
}


@pytest.mark.slow
@pytest.mark.parametrize("what", MEANWHILE)
def test_midnight_may_come_meanwhile(article, clock, reader, monkeypatch, what):
    address, functions = MEANWHILE[what]
    if what == "its gaps are filled again":
        reader.get(SHIP)
        clock.append(6)
    calls, midnight, waited = [], time() + sum(clock) + 60, sum(clock)

    def find_midnight():
        return inf if sum(clock) > waited else midnight

    def let_midnight_come(function):
        def call(*arguments):
            calls.append(arguments)
            clock.append(61)
            return function(*arguments)

        return call

    for module in (application, lookup):
        monkeypatch.setattr(module, "find_midnight", find_midnight)
    for module, name in functions:
        monkeypatch.setattr(module, name, let_midnight_come(getattr(module, name)))
    raise_edition(is_of_all=False)
    for _ in range(2):
        assert reader.get(address).status_code == 200
    assert len(calls) == 2


def test_it_shows_another_date_after_midnight(article, clock, reader, monkeypatch):
    first = reader.get(SHIP).content
    tomorrow = timezone.localdate() + timedelta(days=1)
    monkeypatch.setattr("newsroom.context_processors.timezone.localdate", lambda: tomorrow)
    with override_settings(PAGE_CACHE_SECONDS=0):
        expected = Client().get(SHIP).content
    monkeypatch.setattr(views, "render_article_page", None)  # only its date is filled in
    clock.append(86_400)
    assert reader.get(SHIP).content == expected != first


def test_a_new_year_names_the_year_of_its_comments(article, monkeypatch):
    def render_trees():
        return render_page_trees(ThreadPage(Thread.objects.find(article)))

    before, now = render_trees(), timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(days=366))
    after = render_trees()
    caches["default"].clear()
    assert after == render_trees() != before
