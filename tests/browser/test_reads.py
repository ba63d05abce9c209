"""What a browser tells of a reading, and the rankings that come of it."""

import pytest
from playwright.sync_api import expect

from articles.models import ReadCount
from tests import factories
from tests.articles.test_reads import BROWSER, count, total
from tests.browser.variants import BOTH_WAYS
from tests.browser.waiting import wait_until

# What is to happen after seconds happens when the test says so.
PLAN = """
window.plans = [];
const later = setTimeout;
window.setTimeout = (act, ms) => (ms < 1000 ? later(act, ms) : plans.push(act));
"""
LATER = "(window.plans ?? []).splice(0).map(act => act()).length"


@pytest.fixture
def browser_context_args(browser_context_args):
    return {**browser_context_args, "user_agent": BROWSER}


@pytest.fixture
def told(page):
    """The addresses of the readings that the page told of."""
    found = []
    page.on("request", lambda sent: sent.url.endswith("/read/") and found.append(sent.url))
    return found


@BOTH_WAYS
def test_a_reading_counts_once_and_leaves_nothing_behind(page, article, told, scripts):
    page.add_init_script(PLAN)
    page.goto(article.get_absolute_url())
    page.evaluate(LATER)
    wait_until(page, lambda: len(told) == total(article) == scripts)
    page.reload()
    page.evaluate(LATER)
    page.goto("/")
    page.evaluate(LATER)
    page.wait_for_load_state("networkidle")
    assert len(told) == total(article) == scripts
    assert page.context.cookies() == []


def test_who_looks_in_for_a_moment_is_no_reader(page, article, told):
    page.goto(article.get_absolute_url())
    page.goto("/")
    assert told == []
    assert not ReadCount.objects.exists()


@pytest.mark.slow
def test_the_rankings_of_a_day_and_a_week_change_places(page, article):
    old = factories.article(title="先週の霧")
    count(article, 3)
    count(old, 9, hours_ago=60)
    page.goto("/")
    block = page.locator(".most-read")
    expect(block.locator(".rank:visible")).to_have_text([article.title])
    block.locator("summary").last.click()
    expect(block.locator(".rank:visible")).to_have_text([old.title, article.title])
