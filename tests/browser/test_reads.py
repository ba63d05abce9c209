"""What a browser tells of a reading, and the rankings that come of it."""

import pytest
from playwright.sync_api import expect

from articles.models import ReadCount
from tests import factories
from tests.articles.test_reads import BROWSER, count, total

# Eight seconds in sight are a tenth of one.
HASTE = "const later = setTimeout; window.setTimeout = (act, ms) => later(act, ms / 80);"
A_WHILE = 1_000  # ms, ten times as long


@pytest.fixture
def browser_context_args(browser_context_args):
    return {**browser_context_args, "user_agent": BROWSER}


@pytest.fixture
def told(page):
    """The addresses of the readings that the page told of."""
    found = []
    page.on("request", lambda sent: sent.url.endswith("/read/") and found.append(sent.url))
    return found


def test_a_reading_counts_once_and_leaves_nothing_behind(page, article, told, scripts):
    page.add_init_script(HASTE)
    page.goto(article.get_absolute_url())
    page.wait_for_timeout(A_WHILE)
    page.reload()
    page.wait_for_timeout(A_WHILE)
    page.goto("/")
    page.wait_for_timeout(A_WHILE)
    assert len(told) == total(article) == scripts
    assert page.context.cookies() == []


@pytest.mark.once
def test_who_looks_in_for_a_moment_is_no_reader(page, article, told):
    page.goto(article.get_absolute_url())
    page.goto("/")
    assert told == []
    assert not ReadCount.objects.exists()


@pytest.mark.once
def test_the_rankings_of_a_day_and_a_week_change_places(page, article):
    old = factories.article(title="先週の霧")
    count(article, 3)
    count(old, 9, hours_ago=60)
    page.goto("/")
    block = page.locator(".most-read")
    expect(block.locator(".rank:visible")).to_have_text([article.title])
    block.locator("summary").last.click()
    expect(block.locator(".rank:visible")).to_have_text([old.title, article.title])
