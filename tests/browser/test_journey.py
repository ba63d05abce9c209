"""One reader's way: from an article to the newest answer in a long thread, and back another day."""

import re

import pytest
from django.test import Client
from playwright.sync_api import expect

from comments.models import Comment
from tests import factories
from tests.browser.test_same_after_reload import expect_same_after_reload, reply

pytestmark = [
    pytest.mark.slow,
    pytest.mark.parametrize("scripts", [True], indirect=True, ids=["scripts"]),
]

DESK, PHONE = {"width": 1280, "height": 900}, {"width": 375, "height": 700}


def write_long_thread(page, article, thread):
    """Fill a thread with 127 comments, among them one that the reader of the page writes."""
    factories.long_thread(article, 126)
    shown = thread(page).open()
    form = page.locator("#write form")
    form.get_by_role("textbox", name="コメント").fill("岬の灯台はいつ点くのですか。")
    form.get_by_role("button", name="投稿する").click()
    expect(shown.saying("岬の灯台は").locator(".comment__mine")).to_be_visible()
    return Comment.objects.get(number=127)


def test_by_thumb(page, new_context, article, thread):
    page.context.close()
    go(new_context(viewport=PHONE, has_touch=True).new_page(), article, thread, by_thumb=True)


def test_at_a_desk(page, new_context, article, thread):
    page.context.close()
    go(new_context(viewport=DESK).new_page(), article, thread, by_thumb=False)


def go(page, article, thread, *, by_thumb):
    own = write_long_thread(page, article, thread)
    stranger = factories.reader("stranger")
    answer = factories.comment(article, text="日没の十分前です。", parent=own, reader=stranger)
    shown = thread(page).open()

    # To the newest answer, in two taps.
    press = "tap" if by_thumb else "click"
    bar = page.locator(".thumb--text" if by_thumb else ".article__head")
    getattr(bar.get_by_role("link", name="コメント 128"), press)()
    ways = page.locator(".thumb--thread" if by_thumb else ".this-thread")
    getattr(ways.get_by_role("link", name="新着").first, press)()
    expect(shown.comment(answer).locator(".comment__number")).to_be_focused()
    expect(shown.comment(answer)).to_be_in_viewport()
    expect(shown.comment(answer).get_by_text("あなたへの返信")).to_be_visible()

    reply(shown, answer, "では今夜見に行きます。")
    expect(shown.saying("では今夜").locator(".comment__mine")).to_be_visible()
    expect(shown.title).to_have_text("コメント 129")
    expect_same_after_reload(page, thread)

    # Fold, hide, search.
    page.locator(".reading__toggle").click()
    page.get_by_role("button", name="返信をすべて畳む").click()
    expect(shown.comment(answer)).to_be_hidden()
    shown.open()
    expect(shown.comment(answer)).to_be_hidden()
    page.locator(".reading__toggle").click()
    page.get_by_role("button", name="返信をすべて開く").click()
    shown.comment(answer).locator(".menu__button").click()
    menu = shown.comment(answer).locator(".menu__box")
    menu.get_by_role("button", name="このIDを隠す").click()
    expect(shown.comment(answer)).to_be_hidden()
    page.locator(".hidden-row").get_by_role("button", name="表示").click()
    expect(shown.comment(answer)).to_be_visible()
    shown.comment(answer).locator(".menu__button").click()
    menu.get_by_role("button", name="このIDを表示する").click()
    page.get_by_label("この議論を検索").fill("日没")
    page.keyboard.press("Enter")
    expect(page.locator(".chain__item")).to_have_count(1)
    expect(page.locator(".chain__item")).to_contain_text("日没の十分前です。")

    # Another day.
    mine = Comment.objects.get(number=129)
    factories.comment(article, text="霧で見えませんでした。", parent=mine, reader=stranger)
    page.goto("/me/")
    expect(page.locator(".entry--unread").first).to_contain_text("霧で見えませんでした。")
    page.get_by_role("button", name="アドレスを作る").click()
    address = page.get_by_label(re.compile("フィードのアドレス"))
    expect(address).to_be_visible()
    feed = Client().get(re.sub("^https?://[^/]+", "", address.input_value()))
    assert "霧で見えませんでした。" in feed.content.decode()
    page.locator(".entry").get_by_role("link", name=re.compile(">>130")).first.click()
    expect(shown.saying("霧で見えませんでした。")).to_be_in_viewport()
