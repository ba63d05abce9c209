"""A cache may still have the page from before a reader's first comment."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.parametrize("scripts", [True], indirect=True, ids=["scripts"])


def keep_page(page, address, *, is_stubborn=False):
    """Answer the next request for a page with what it is now, as a cache does; a stubborn one
    answers all requests so."""
    stale = page.request.get(address)
    body, answers = stale.text(), []

    def answer(route):
        if is_stubborn or (route.request.is_navigation_request() and not answers):
            answers.append(route.request.url)
            return route.fulfill(response=stale, body=body)
        return route.continue_()

    page.route(f"**{address}", answer)
    return answers


def write(shown, text):
    form = shown.page.locator("#write form")
    form.get_by_role("textbox", name="コメント").fill(text)
    form.get_by_role("button", name="投稿する").click()
    expect(shown.saying(text)).to_be_visible()


@pytest.mark.parametrize("is_first", [False, True], ids=["a thread", "an empty thread"])
def test_the_own_comment_is_added_to_a_stale_page(page, article, thread, request, is_first):
    if not is_first:
        request.getfixturevalue("branch")
    shown = thread(page).open()
    answers = keep_page(page, thread.address)
    write(shown, "三つ目の話。")
    page.goto(thread.address)
    assert answers
    expect(shown.saying("三つ目の話。")).to_be_visible()
    expect(page.locator(".comment", has_text="三つ目の話。")).to_have_count(1)
    expect(shown.title).to_have_text("コメント 1" if is_first else "コメント 4")


@pytest.mark.slow
def test_a_page_that_stays_stale_is_not_loaded_again_and_again(page, article, thread):
    shown = thread(page).open()
    answers = keep_page(page, thread.address, is_stubborn=True)
    write(shown, "最初の話。")
    page.goto(thread.address)
    page.wait_for_timeout(1_000)
    assert len(answers) <= 3  # the page, the script's own copy of it, and one more page
