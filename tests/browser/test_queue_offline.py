"""The moderators' queue when the connection or the login is lost."""

import pytest
from playwright.sync_api import expect

from tests import factories
from tests.browser.test_queue import count_held, fill, open_queue, press, reads
from tests.browser.waiting import wait_until


@pytest.fixture
def scripts():
    return True


def test_without_a_connection_nothing_is_called_done(page, article, let_in, faults):
    first, _second = fill(article, 2)
    open_queue(page, let_in)
    reads(page, first.text)
    page.context.set_offline(True)
    page.keyboard.press("a")
    told = page.locator(".meanwhile")
    expect(told).to_contain_text("何も決まっていません")
    reads(page, first.text)
    assert count_held() == 2
    page.context.set_offline(False)
    page.keyboard.press("a")
    wait_until(page, lambda: count_held() == 1)
    faults.clear()


@pytest.mark.slow
@pytest.mark.once
def test_without_a_connection_the_next_entry_can_wait(page, article, let_in, faults):
    _first, second, third = fill(article, 3)
    with page.expect_response(f"**/entries/{second.pk}/*"):
        open_queue(page, let_in)
    page.context.set_offline(True)
    with page.expect_event("requestfailed", lambda asked: f"/{third.pk}/" in asked.url):
        press(page, "n", then=second.text)
    page.keyboard.press("t")
    page.keyboard.type("同じ人です")
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    expect(page.locator("#said")).to_contain_text("つながらない")
    reads(page, second.text)
    expect(page.locator("[name=note]")).to_have_value("同じ人です")
    page.context.set_offline(False)
    press(page, "n", then=third.text)
    faults.clear()


@pytest.mark.slow
def test_a_login_that_ran_out_is_said(page, article, let_in, faults):
    first, _second = fill(article, 2)
    open_queue(page, let_in)
    reads(page, first.text)
    page.context.clear_cookies()
    page.keyboard.press("a")
    expect(page.locator(".meanwhile")).to_contain_text("ログイン")
    reads(page, first.text)
    assert count_held() == 2
    let_in(page, factories.moderator("三澄"))  # in another tab
    page.keyboard.press("a")
    wait_until(page, lambda: count_held() == 1)
    faults.clear()


@pytest.mark.slow
@pytest.mark.once
def test_an_undo_that_was_not_sent_is_said_on_an_empty_queue(page, article, let_in, faults):
    fill(article, 1)
    open_queue(page, let_in)
    page.keyboard.press("a")
    undo = page.locator("[data-undo] button")
    expect(undo).to_be_visible()
    page.context.set_offline(True)
    undo.click()
    expect(page.locator(".queue__empty ~ * .meanwhile")).to_contain_text("つながらない")
    assert count_held() == 0
    faults.clear()
