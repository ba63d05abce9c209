"""Waiting for what a browser does at its own pace: for events, never for a while."""

import time
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Error

PATIENCE = 30_000  # milliseconds, on a very busy machine
# Evaluated in a page: its scripts have heard of a moved caret then.
NEXT_FRAME = "() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))"


def wait_until(page, holds):
    """Wait until something holds that no page shows. Meanwhile the page's events arrive."""
    until = time.monotonic() + PATIENCE / 1000
    while not holds():
        assert time.monotonic() < until, "It did not come true in time."
        page.wait_for_timeout(20)


def choose_in_popup(page, button, find_choice):
    """Open a popup by a button and press in it what ``find_choice(popup)`` locates. The popup must
    close upon that; what the choice does in the page is for the caller to look at.

    The press may fail because the popup is gone before the browser has confirmed it. Before the
    popup has loaded, its scripts would not notice the press.
    """
    with page.expect_popup() as opened:
        button.click()
    popup = opened.value
    popup.set_default_timeout(PATIENCE)
    popup.wait_for_load_state()
    with popup.expect_event("close"):
        try:
            find_choice(popup).click()
        except Error as error:
            if "has been closed" not in str(error):
                raise


class HeldRequest:
    """The one request to some address: it reaches the server when it is let go."""

    def __init__(self, page, address):
        self._page = page
        self._routes = []
        page.route(address, lambda route: self._routes.append(route))

    def let_go(self):
        wait_until(self._page, lambda: self._routes)
        [route] = self._routes
        route.continue_()


def open_stopped(page, thread):
    """Open the page of a thread, in which time passes only as the test says."""
    page.clock.install()
    shown = thread(page).open()
    page.clock.pause_at(timezone.now() + timedelta(hours=1))
    return shown
