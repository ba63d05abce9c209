"""What a script adds to voting: the vote counts in the page that is read."""

import pytest
from playwright.sync_api import expect

from comments.models import Vote
from tests.browser.test_in_place import said
from tests.browser.waiting import open_stopped

pytestmark = pytest.mark.parametrize("scripts", [True], indirect=True, ids=["scripts"])

A_PAUSE = 501  # ms, until another tap on a vote counts


def test_a_vote_is_counted_in_place_and_taken_back(page, branch, thread):
    shown = open_stopped(page, thread)
    button = shown.comment(branch[0]).get_by_role("button", name="投票")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(button).to_have_text("1")
    expect(button).to_be_focused()
    said(page, ">>1、得票 1")
    page.clock.run_for(A_PAUSE)
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")
    expect(button).to_have_text("")
    assert not Vote.objects.exists()


@pytest.mark.slow
@pytest.mark.parametrize("between", [0, 200])
def test_a_second_tap_takes_no_vote_back(page, branch, thread, between):
    sent = []
    page.on("request", lambda request: "/vote/" in request.url and sent.append(request))
    shown = open_stopped(page, thread)
    button = shown.comment(branch[0]).get_by_role("button", name="投票")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    page.clock.run_for(between)
    button.click()
    page.clock.run_for(A_PAUSE)
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(button).to_have_text("1")
    assert Vote.objects.get().value == 1
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")
    assert len(sent) == 2


def test_a_vote_of_mine_is_marked_when_i_come_back(page, branch, thread):
    shown = thread(page).open()
    button = shown.comment(branch[0]).get_by_role("button", name="投票")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    shown.open()
    expect(button).to_have_attribute("aria-pressed", "true")
    button.click()
    expect(button).to_have_text("")


def test_a_kept_page_shows_the_score_as_it_is(page, branch, thread):
    """As the browser shows it after the back button: what it kept, marked anew."""
    shown = thread(page).open()
    button = shown.comment(branch[0]).get_by_role("button", name="投票")
    kept = page.content()
    button.click()
    expect(button).to_have_text("1")
    page.route(
        f"**{thread.address}", lambda route: route.fulfill(body=kept, content_type="text/html")
    )
    shown.open()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(button).to_have_text("1")
    expect(button).to_have_accessible_name("投票 >>1、得票 1")
