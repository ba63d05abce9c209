"""Searching as a reader does it, with and without JavaScript."""

import re

import pytest
from playwright.sync_api import expect

from tests import factories
from tests.browser.variants import BOTH_WAYS
from tests.browser.waiting import HeldRequest

FIELD = ".header__search input"


@pytest.fixture
def page(page, article):
    page.set_viewport_size({"width": 1280, "height": 800})
    article.tags.add("灯台")
    article.index()
    return page


@BOTH_WAYS
def test_the_header_leads_to_what_was_sought(page, branch):
    page.goto("/")
    page.locator(FIELD).fill("灯台の光")
    page.locator(FIELD).press("Enter")
    expect(page.locator(".tabs__tab")).to_have_count(2)
    page.locator(".tabs__tab").nth(1).click()
    expect(page.locator(".search__text mark")).to_have_text(["灯台の光"])
    page.locator(".search__place a").click()
    expect(page).to_have_url(re.compile(f"/articles/lighthouse/#comment-{branch[0].pk}$"))


@pytest.mark.slow
def test_on_a_phone_an_icon_leads_to_the_search(page):
    page.set_viewport_size({"width": 375, "height": 700})
    page.goto("/")
    expect(page.locator(FIELD)).to_be_hidden()
    page.locator(".header__find").click()
    page.locator("main [name=q]").fill("百年")
    page.locator("main [name=order]").select_option("date")
    page.locator("main form button").click()
    expect(page.locator(".row__title mark")).to_have_text(["百年"])
    expect(page.locator("main [name=order]")).to_have_value("date")


def test_titles_and_tags_are_suggested_while_typing(page, scripts):
    factories.article(title="灯台守の一日")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/")
    assert not [url for url in asked if "js/search" in url]
    page.locator(FIELD).press_sequentially("灯台", delay=30)
    options = page.locator("datalist option")
    if not scripts:
        expect(options).to_have_count(0)
        return
    expect(options).to_have_count(3)
    suggested = {option.get_attribute("value") for option in options.all()}
    assert suggested == {"灯台", "港の灯台、百年の明かり", "灯台守の一日"}
    expect(page.locator(FIELD)).to_have_attribute("list", "suggestions")


@pytest.mark.slow
@pytest.mark.parametrize("scripts", [True], indirect=True, ids=["scripts"])
def test_what_was_typed_while_the_script_was_loading_gets_suggestions(page):
    script = HeldRequest(page, "**/js/search.js")
    page.goto("/")
    page.locator(FIELD).fill("灯台")
    script.let_go()
    expect(page.locator("datalist option")).to_have_count(2)
