"""Readers whose browsers refuse all cookies, and two readers behind one address."""

import json

import pytest
from playwright.sync_api import expect

from comments.models import Comment
from tests.browser.test_commenting import form_of, write
from tests.browser.waiting import wait_until

LINKS = "https://a.example https://b.example https://c.example"
WAITS = "確認待ち。あなたにだけ見えています。"
BLOCKED = {"profile": {"default_content_setting_values": {"cookies": 2}}}


@pytest.fixture
def stranger(browser_type, browser_type_launch_args, browser_context_args, tmp_path):
    """Return a function that opens a page in a browser that refuses cookies and storage."""
    contexts = []

    def visit():
        folder = tmp_path / str(len(contexts))
        (folder / "Default").mkdir(parents=True)
        (folder / "Default" / "Preferences").write_text(json.dumps(BLOCKED))
        options = {**browser_type_launch_args, **browser_context_args}
        contexts.append(browser_type.launch_persistent_context(folder, **options))
        return contexts[-1].pages[0]

    yield visit
    for context in contexts:
        assert context.cookies() == []
        context.close()


@pytest.mark.slow
def test_two_readers_behind_one_address_say_the_same(stranger, article, thread, scripts):
    pages, same = [stranger(), stranger()], Comment.objects.published().filter(text="同意です。")
    for number, page in enumerate(pages, start=1):
        thread(page).open()
        write(page, "同意です。")
        again = page.get_by_role("button", name="はい、投稿する")
        wait_until(page, lambda: again.is_visible() or same.count() == number)  # noqa: B023
        if same.count() < number:
            expect(form_of(page).get_by_role("textbox", name="コメント")).to_have_value(
                "同意です。"
            )
            again.click()
            wait_until(page, lambda: same.count() == number)  # noqa: B023
    expect(thread(pages[0]).open().saying("同意です。")).to_have_count(2)


@pytest.mark.slow
def test_a_held_comment_is_shown_to_its_writer_alone(stranger, visitor, article, thread, scripts):
    page = stranger()
    shown = thread(page).open()
    write(page, f"資料です。 {LINKS}")
    expect(shown.saying("資料です。").first).to_contain_text(WAITS)
    expect(page.locator("a[href$='/delete/']:visible")).to_have_count(0)
    page.reload()
    if scripts:
        page.locator(".thread__held").click()
    expect(shown.saying("資料です。").first).to_contain_text(WAITS)
    page.reload()
    expect(shown.saying("資料です。").first).to_contain_text(WAITS)
    assert "資料です。" not in thread(visitor()).open().page.content()
