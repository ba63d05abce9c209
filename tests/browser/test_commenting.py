"""Writing and voting as a reader does."""

import re

from playwright.sync_api import expect

from tests import factories


def write(page, text, name=""):
    form = page.locator("form", has=page.get_by_role("button", name="投稿する")).last
    form.get_by_role("textbox", name="コメント").fill(text)
    if name:
        form.get_by_role("textbox", name="名前").fill(name)
    form.get_by_role("button", name="投稿する").click()


def vote(comment):
    comment.locator('form[action$="/vote/"] button').first.click()


def test_a_reader_writes_a_comment(page, article, thread):
    shown = thread(page).open()
    write(page, "明かりを見て育ちました。\n\n<b>太字</b>ではありません。", name="岬の人")
    expect(shown.saying("明かりを見て育ちました。")).to_be_visible()
    written = thread(page).open().saying("明かりを見て育ちました。")
    expect(written.locator(".comment__author")).to_have_text("岬の人")
    expect(written.locator(".comment__body p")).to_have_count(2)
    expect(written.locator(".comment__body")).to_contain_text("<b>太字</b>ではありません。")
    expect(shown.title).to_contain_text("1")


def test_a_reader_replies(page, article, branch, thread):
    last = branch[-1]
    shown = thread(page).open()
    shown.comment(last).get_by_role("link", name="返信").click()
    expect(page.locator("body")).to_contain_text(last.text)
    write(page, "どの夜ですか。")
    expect(shown.saying("どの夜ですか。").first).to_be_visible()
    written = thread(page).open().saying("どの夜ですか。")
    expect(written).to_have_attribute("data-depth", str(last.level + 1))
    expect(shown.title).to_contain_text("4")


def test_an_empty_comment_is_refused_with_a_sentence(page, article, thread):
    thread(page).open()
    write(page, "  ", name="岬の人")
    expect(page.get_by_text("コメントが空です。").first).to_be_visible()
    expect(page.get_by_role("textbox", name="名前").last).to_have_value("岬の人")


def test_a_vote_counts_once_and_is_taken_back(page, branch, thread):
    first = branch[0]
    shown = thread(page).open()
    for _click in range(2):
        vote(shown.comment(first))
        expect(shown.comment(first).locator(".comment__score")).to_have_text("1")
        shown.open()
    expect(shown.comment(first).locator(".comment__score")).to_have_text("1")
    page.goto(first.get_absolute_url())
    page.get_by_role("button", name="投票を取り消す").click()
    expect(page.get_by_role("button", name="投票を取り消す")).to_have_count(0)
    shown.open()
    expect(shown.comment(first).locator(".comment__score")).to_be_empty()


def test_votes_of_two_readers_add_up(visitor, branch, thread):
    first = branch[0]
    for _reader in range(2):
        shown = thread(visitor()).open()
        vote(shown.comment(first))
        expect(shown.comment(first).locator(".comment__score")).to_have_text(re.compile(r"\d"))
    expect(thread(visitor()).open().comment(first).locator(".comment__score")).to_have_text("2")


def test_nobody_votes_for_themselves(page, article, thread):
    shown = thread(page).open()
    write(page, "自分に一票入れたい。")
    expect(shown.saying("自分に一票入れたい。").first).to_be_visible()
    shown.open()
    vote(shown.saying("自分に一票入れたい。"))
    expect(page.get_by_text("自分のコメントには投票できません。").first).to_be_visible()
    shown.open()
    expect(shown.saying("自分に一票入れたい。").locator(".comment__score")).to_be_empty()


def test_a_closed_thread_says_so_and_offers_no_form(page, article, thread):
    factories.comment(article, text="最後の一言。")
    closed = factories.thread_of(article)
    closed.is_open = False
    closed.save(update_fields=["is_open"])
    thread(page).open()
    expect(page.get_by_text("この議論は締め切られました。").first).to_be_visible()
    expect(page.get_by_role("button", name="投稿する")).to_have_count(0)
