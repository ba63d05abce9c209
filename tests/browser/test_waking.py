"""The scripts of a thread come with the reader's first move, and lose none of it."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.parametrize("scripts", [True], indirect=True, ids=["scripts"])

LATE = re.compile(r"/(thread|live)\b[^/]*\.(js|css)$")


def test_the_scripts_wait_for_the_first_move(page, article, branch, thread):
    article.body = "<p>港の灯台の話です。</p>" * 80
    article.save()
    late = []
    page.on("request", lambda request: LATE.search(request.url) and late.append(request.url))
    shown = thread(page).open()
    page.evaluate("() => new Promise((end) => requestAnimationFrame(() => setTimeout(end, 50)))")
    assert not late
    with page.expect_request(LATE):
        page.mouse.wheel(0, 100)
    first = shown.comment(branch[0])
    first.get_by_role("link", name="その他").click()
    expect(first.locator(".menu__box")).to_be_visible()


def test_what_is_done_before_the_scripts_is_done_by_them(page, branch, thread):
    waiting = []

    def answer(route):
        if waiting is not None:
            return waiting.append(route)
        return route.continue_()

    page.route(LATE, answer)
    shown = thread(page)
    page.goto(shown.address, wait_until="domcontentloaded")  # Its styles are not there yet.
    page.locator("#write textarea").fill("書きかけです。")
    button = shown.comment(branch[0]).get_by_role("button", name="投票")
    button.click()
    assert waiting
    waiting, routes = None, waiting
    for route in routes:
        route.continue_()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#write textarea")).to_have_value("書きかけです。")


def test_without_the_late_scripts_the_server_answers(page, faults, branch, thread):
    page.route(LATE, lambda route: route.abort())
    shown = thread(page).open()
    shown.comment(branch[0]).get_by_role("link", name="返信").click()
    expect(page).to_have_url(re.compile("/reply/$"))
    faults.clear()
