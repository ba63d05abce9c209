"""Moving through a thread by thumb: the bars of phones, the menu, the preview, and the keys."""

import re

import pytest
from playwright.sync_api import expect

from tests import factories

pytestmark = pytest.mark.parametrize("scripts", [True], indirect=True, ids=["scripts"])


@pytest.fixture
def browser_context_args(browser_context_args):
    return {**browser_context_args, "viewport": {"width": 375, "height": 700}, "has_touch": True}


@pytest.fixture
def long_thread(article):
    """Nine topics, each with an answer to the first comment."""
    topics = []
    for number in range(9):
        topics.append(factories.comment(article, text=f"話題{number + 1}。" + "港の話。" * 60))
        factories.comment(article, text=">>1 に賛成です。", parent=topics[-1])
    return topics


def box_of(page, locator):
    expect(locator).to_be_visible()
    return locator.bounding_box()


def test_the_bar_leads_from_the_text_to_what_is_new(page, article, long_thread, thread):
    shown = thread(page).open()
    page.locator(".thumb--text").get_by_role("link", name="コメント 18").tap()
    bar = page.locator(".thumb--thread")
    expect(bar).to_contain_text("話題 9")
    bar.get_by_role("link", name="話題").tap()
    expect(bar).to_contain_text("/9")
    focused = page.locator(".thread__root > .comment > .comment__head > .comment__number:focus")
    expect(focused).to_be_in_viewport()
    bar.get_by_role("link", name="新着なし").tap(force=True)
    expect(page.get_by_role("status")).to_have_text("新着なし")
    newest = factories.comment(article, text="遅れて来た話。", parent=long_thread[7])
    page.reload()
    bar.get_by_role("link", name="新着1").tap()
    expect(shown.comment(newest).locator(".comment__number")).to_be_focused()
    bar.get_by_role("link", name="返信先").tap()
    expect(shown.comment(long_thread[7]).locator(".comment__number")).to_be_focused()
    bar.get_by_role("link", name="書く").tap()
    expect(page.locator("#write textarea")).to_be_focused()
    expect(bar).to_be_hidden()


def test_a_hidden_topic_is_counted_once(page, article, long_thread, thread):
    noisy = factories.comment(article, text="うるさい話。", reader=factories.reader("noisy"))
    shown = thread(page).open()
    shown.comment(noisy).locator(".menu__button").tap()
    shown.comment(noisy).get_by_role("button", name="このIDを隠す").tap()
    expect(page.locator(".hidden-row")).to_be_visible()
    shown.comment(long_thread[0]).evaluate("each => each.scrollIntoView()")
    expect(page.locator(".thumb--thread")).to_contain_text("話題 1/10")


def test_the_menu_opens_in_sight_and_a_preview_closes(page, article, long_thread, thread):
    shown = thread(page).open()
    first = shown.comment(long_thread[0])
    for topic in (long_thread[2], long_thread[3]):
        comment = shown.comment(topic)
        comment.evaluate(
            "each => scrollBy(0, each.getBoundingClientRect().bottom - innerHeight + 56)"
        )
        comment.locator(".menu__button").tap()
        menu = box_of(page, comment.locator(".menu__box"))
        bar = box_of(page, page.locator(".thumb--thread"))
        assert menu["y"] >= 0
        assert menu["y"] + menu["height"] <= bar["y"] + 1
        page.keyboard.press("Escape")
    references = page.locator("a.reference")
    for reference in (references.nth(4), references.nth(6)):
        reference.tap()
        expect(page).to_have_url(re.compile(f"#comment-{long_thread[0].pk}$"))
        expect(first).to_be_in_viewport()
        expect(page.locator("#quote")).to_have_count(0)
    page.go_back()
    expect(references.nth(6)).to_be_in_viewport()
    expect(page.locator("#quote")).to_have_count(0)


def test_the_keys_are_shown_and_switched_off_at_any_width(page, long_thread, thread):
    shown = thread(page).open()
    number = shown.comment(long_thread[1]).locator(".comment__number")
    shown.comment(long_thread[0]).locator(".comment__number").focus()
    page.keyboard.press("?")
    help_ = page.get_by_role("dialog", name="見方とキー操作")
    help_.get_by_role("button", name="キー操作").click()
    page.keyboard.press("Escape")
    expect(help_).to_be_hidden()
    page.keyboard.press("j")
    page.keyboard.press("?")
    expect(help_).to_be_hidden()
    expect(number).not_to_be_focused()
    page.locator(".thread__help").tap()
    help_.get_by_role("button", name="キー操作").click()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    expect(page.locator(".comment__number:focus")).to_have_count(1)
