"""What a reader sees in Safari 15.4 and Firefox 104: the styles without what these do not know."""

import re

import pytest
from playwright.sync_api import expect

# Declarations that such a browser drops, and selectors for which it drops the whole rule.
UNKNOWN = re.compile(
    r'content:"[^"]*" / ""|text-wrap:[^;}]*|word-break:auto-phrase|field-sizing:[^;}]*'
    r"|[\w-]+:[^;{}]*(?:light-dark|color-mix|oklch)\([^;}]*"
)
RULE_WITH_HAS = re.compile(r"[^{}]*:has\([^{}]*\{[^{}]*\}")
EDGE = (
    "element => getComputedStyle(element).borderTopWidth + getComputedStyle(element).borderTopStyle"
)
COLOURS = "element => [getComputedStyle(element).backgroundColor, getComputedStyle(element).color]"


@pytest.fixture
def scripts():
    return True


@pytest.fixture
def older(page):
    """A page whose styles lack what older browsers do not know."""

    def answer(route):
        original = route.fetch()
        text = RULE_WITH_HAS.sub("", UNKNOWN.sub("", original.text()))
        route.fulfill(response=original, body=text)

    page.route("**/*.css", answer)
    return page


def test_every_field_line_and_menu_is_seen(older, thread, branch):
    shown = thread(older).open()
    page = shown.page
    top = page.locator(".comment").first
    expect(top).to_be_visible()
    assert page.locator("body").evaluate(COLOURS) == ["rgb(251, 250, 247)", "rgb(26, 25, 23)"]
    for field in ("#write textarea", "#write input[name=name]", "#write .button >> nth=0"):
        assert page.locator(field).evaluate(EDGE) == "1pxsolid", field
    top.locator(".menu__button").first.click()
    box = page.locator(".menu__box")
    expect(box).to_be_visible()
    background, ink = box.evaluate(COLOURS)
    assert background not in {"rgba(0, 0, 0, 0)", ink}


def test_without_any_style_the_trap_is_out_of_view_and_icons_are_small(page, thread, branch):
    page.route("**/*.css", lambda route: route.abort())
    shown = thread(page).open()
    expect(shown.page.locator("#write textarea")).to_be_visible()
    expect(shown.page.locator("#write [name=website]")).to_be_hidden()
    icons = shown.page.locator("svg.icon").evaluate_all(
        "all => all.map((each) => each.getBoundingClientRect().width)"
    )
    assert icons and max(icons) <= 20
