"""What a script adds to writing and voting: all of it happens in the page that is read."""

import re

import pytest
from playwright.sync_api import expect

from comments.models import Comment
from tests import factories
from tests.browser.waiting import HeldRequest, open_stopped

pytestmark = pytest.mark.parametrize("scripts", [True], indirect=True, ids=["scripts"])

FORM = "li > form.form"


def reply(shown, comment):
    """Open the form below a comment; returns its field."""
    shown.comment(comment).get_by_role("link", name="返信").click()
    field = shown.page.locator(FORM).get_by_role("textbox", name="コメント")
    expect(field).to_be_focused()
    return field


def below(page):
    return page.locator("#write form")


def post(form):
    form.get_by_role("button", name="投稿する").click()


def said(page, text):
    expect(page.get_by_role("status").filter(has_text=text)).to_have_count(1)


def test_a_comment_appears_above_the_form_and_the_form_is_empty(page, article, branch, thread):
    shown = thread(page).open()
    field = below(page).get_by_role("textbox", name="コメント")
    field.fill("三つ目の話。")
    post(below(page))
    written = shown.saying("三つ目の話。")
    expect(written.locator(".comment__number")).to_be_focused()
    expect(field).to_have_value("")
    expect(shown.title).to_have_text("コメント 4")
    said(page, "投稿しました。")
    assert page.url.endswith(thread.address)
    field.fill("四つ目の話。")
    post(below(page))
    expect(shown.saying("四つ目の話。")).to_be_visible()


@pytest.mark.slow
def test_a_text_that_is_posted_again_appears_once(page, article, branch, thread):
    shown = thread(page).open()
    for _ in range(2):
        below(page).get_by_role("textbox", name="コメント").fill("三つ目の話。")
        post(below(page))
        expect(shown.saying("三つ目の話。").locator(".comment__number")).to_be_focused()
    expect(shown.title).to_have_text("コメント 4")


def test_an_answer_appears_where_its_form_stood(page, branch, thread):
    shown = thread(page).open()
    reply(shown, branch[1]).fill("同感です。")
    post(page.locator(FORM))
    written = shown.saying("同感です。")
    expect(written).to_have_attribute("data-depth", "2")
    expect(page.locator(FORM)).to_have_count(0)
    inside = page.locator("li", has=shown.comment(branch[1])).last
    expect(inside.locator("ol", has=written)).to_have_count(1)


def test_the_form_closes_by_escape_and_keeps_its_draft(page, branch, thread):
    shown = thread(page).open()
    reply(shown, branch[0]).fill("書きかけ")
    page.keyboard.press("Escape")
    expect(page.locator(FORM)).to_have_count(0)
    expect(shown.comment(branch[0]).get_by_role("link", name="返信")).to_be_focused()
    expect(reply(shown, branch[2])).to_have_value("")
    page.get_by_role("button", name="閉じる").click()
    expect(reply(shown, branch[0])).to_have_value("書きかけ")


@pytest.mark.slow
def test_a_draft_and_a_name_outlive_the_page(page, branch, thread):
    shown = thread(page).open()
    below(page).get_by_role("textbox", name="コメント").fill("長い下書き")
    shown.open()
    field = below(page).get_by_role("textbox", name="コメント")
    expect(field).to_have_value("長い下書き")
    below(page).get_by_role("textbox", name="名前").fill("岬の人")
    post(below(page))
    expect(shown.saying("長い下書き")).to_be_visible()
    shown.open()
    expect(field).to_have_value("")
    expect(below(page).get_by_role("textbox", name="名前")).to_have_value("岬の人")


def test_what_is_refused_keeps_its_text_and_says_why(page, branch, thread):
    shown = thread(page).open()
    reply(shown, branch[0]).fill("長" * 5_001)
    expect(page.locator(FORM).locator(".form__counter")).to_have_text("5,001 / 5,000")
    post(page.locator(FORM))
    field = page.locator(FORM).get_by_role("textbox", name="コメント")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_be_focused()
    expect(field).to_have_value("長" * 5_001)
    expect(page.locator(FORM).get_by_role("alert")).to_be_visible()


def test_what_cannot_be_sent_stays_in_the_form(page, branch, thread, faults):
    shown = thread(page).open()
    field = reply(shown, branch[0])
    field.fill("海の上から")
    page.context.set_offline(True)
    post(page.locator(FORM))
    expect(page.get_by_role("alert")).to_contain_text("送信できませんでした。")
    expect(field).to_have_value("海の上から")
    page.context.set_offline(False)
    post(page.locator(FORM))
    expect(shown.saying("海の上から")).to_be_visible()
    faults.clear()


@pytest.mark.slow
def test_a_vote_that_cannot_be_sent_says_so_beside_its_button(page, branch, thread):
    shown = thread(page).open()
    button = shown.comment(branch[0]).get_by_role("button", name="投票")
    page.context.set_offline(True)
    button.click()
    error = shown.comment(branch[0]).get_by_role("alert")
    expect(error).to_contain_text("送信できませんでした。")
    expect(button).to_be_focused()
    page.context.set_offline(False)
    button.click()
    expect(button).to_have_text("1")
    expect(error).to_have_count(0)


@pytest.mark.slow
def test_text_typed_while_a_comment_is_sent_stays(page, branch, thread):
    sent = HeldRequest(page, "**/inline/")
    shown = thread(page).open()
    field = below(page).get_by_role("textbox", name="コメント")
    field.fill("一つ目")
    post(below(page))
    field.fill("一つ目の続き")
    sent.let_go()
    expect(shown.saying("一つ目")).to_be_visible()
    expect(field).to_have_value("一つ目の続き")


@pytest.mark.slow
def test_an_open_form_moves_into_a_longer_branch(page, article, thread):
    top = factories.comment(article, text="話題")
    for number in range(201):
        last = factories.comment(article, text=f"意見 {number}", parent=top)
    shown = thread(page).open()
    reply(shown, top).fill("書きかけ")
    page.get_by_role("link", name="続きの").click()
    expect(shown.comment(last)).to_be_visible()
    expect(page.locator(FORM).get_by_role("textbox", name="コメント")).to_have_value("書きかけ")


def test_a_double_click_writes_once(page, branch, thread):
    shown = thread(page).open()
    below(page).get_by_role("textbox", name="コメント").fill("一度だけ")
    below(page).get_by_role("button", name="投稿する").dblclick()
    expect(shown.saying("一度だけ")).to_be_visible()
    assert Comment.objects.filter(text="一度だけ").count() == 1


@pytest.mark.slow
def test_nobody_is_told_to_be_slower(page, branch, thread, settings):
    settings.COMMENT_LIMITS = True
    settings.COMMENT_RULES = {**settings.COMMENT_RULES, "token": (1, 60)}
    shown = open_stopped(page, thread)
    reply(shown, branch[0]).fill("はやい")
    post(page.locator(FORM))
    expect(page.locator(FORM)).to_have_attribute("aria-busy", "true")
    said(page, "送信しています…")
    page.clock.resume()
    expect(shown.saying("はやい")).to_be_visible()


def test_a_refused_origin_leads_to_the_plain_way_with_the_text(page, branch, thread):
    shown = thread(page).open()
    page.route("**/inline/", lambda route: route.fulfill(status=403, body="<!doctype html>"))
    reply(shown, branch[0]).fill("遠回り")
    post(page.locator(FORM))
    expect(page).to_have_url(re.compile(r"/comments/\d+/$"))
    expect(shown.saying("遠回り")).to_be_visible()


@pytest.mark.slow
def test_the_scripts_as_they_are_written_do_the_same(page, branch, thread, settings):
    """All other tests load the bundles of production."""
    settings.STATICFILES_DIRS = [settings.BASE_DIR / "static"]
    loaded = []
    page.on("request", lambda request: loaded.append(request.url.rpartition("/")[2]))
    shown = thread(page).open()
    reply(shown, branch[0]).fill("一つずつの台本")
    assert {"votes.js", "menus.js"} < set(loaded)  # since the reader's first move
    post(page.locator(FORM))
    written = shown.saying("一つずつの台本")
    expect(written.get_by_role("button", name="投票")).to_be_disabled()
    shown.comment(branch[0]).locator(".menu__button").click()
    expect(page.locator(".menu__box")).to_be_visible()
    page.keyboard.press("Escape")
    shown.comment(branch[0]).get_by_role("button", name="投票").click()
    expect(shown.comment(branch[0]).locator(".comment__score")).to_have_text("1")


@pytest.mark.slow
def test_what_is_empty_is_refused_at_once(page, branch, thread, settings):
    settings.COMMENT_LIMITS = True
    shown = open_stopped(page, thread)
    reply(shown, branch[0])
    post(page.locator(FORM))
    expect(page.locator(FORM).get_by_role("alert")).to_be_visible()


def test_who_only_reads_asks_for_nothing_personal(page, branch, thread):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    thread(page).open()
    page.wait_for_load_state("networkidle")
    assert not [address for address in asked if "/threads/" in address]


@pytest.mark.slow
def test_my_comment_takes_no_vote_of_mine_and_its_menu_offers_more(page, branch, thread):
    shown = thread(page).open()
    reply(shown, branch[0]).fill("これは私の")
    post(page.locator(FORM))
    for _visit in range(2):
        written = shown.saying("これは私の")
        expect(written.get_by_role("button", name="投票")).to_be_disabled()
        written.get_by_role("link", name="その他").click()
        menu = written.locator(".menu__box")
        expect(menu.get_by_role("link", name="編集")).to_be_visible()
        expect(menu.get_by_role("link", name="削除する")).to_be_visible()
        expect(menu.get_by_role("link", name="削除を求める")).to_be_hidden()
        shown.open()


@pytest.mark.slow
def test_a_held_comment_of_mine_is_told_when_i_come_back(page, visitor, branch, thread):
    shown = thread(page).open()
    reply(shown, branch[2]).fill("https://a.example https://b.example https://c.example")
    post(page.locator(FORM))
    expect(shown.saying("https://a.example")).to_contain_text("あなたにだけ見えています")
    said(page, "確認待ち")
    expect(shown.title).to_have_text("コメント 3")
    shown.open()
    slot = page.get_by_role("link", name="確認待ち1")
    expect(slot).to_be_visible()
    slot.click()
    expect(shown.saying("https://a.example")).to_be_visible()
    expect(thread(visitor()).open().page.get_by_text("確認待ち")).to_have_count(0)


@pytest.mark.slow
def test_an_answer_to_a_removed_comment_keeps_its_text(page, branch, thread):
    shown = thread(page).open()
    field = reply(shown, branch[2])
    branch[2].remove(by=factories.moderator(), reason="spam")
    field.fill("間に合わなかった返事")
    post(page.locator(FORM))
    expect(page.get_by_role("alert")).to_contain_text("返信先のコメント")
    expect(page.locator(FORM).get_by_role("textbox", name="コメント")).to_have_value(
        "間に合わなかった返事"
    )


@pytest.mark.slow
def test_a_held_comment_of_another_page_is_one_press_away(page, article, thread):
    for number in range(51):
        last = factories.comment(article, text=f"意見 {number}")
    page.goto(f"{thread.address}?page=2")
    shown = thread(page)
    reply(shown, last).fill("https://a.example https://b.example https://c.example")
    post(page.locator(FORM))
    expect(shown.saying("https://a.example")).to_be_visible()
    shown.open()
    page.get_by_role("link", name="確認待ち1").click()
    expect(page).to_have_url(re.compile(r"/comments/\d+/$"))
    expect(shown.saying("https://a.example")).to_contain_text("あなたにだけ見えています")
