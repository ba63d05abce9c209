"""What a moderator does, on the page of a thread and beside a comment."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests import factories
from tests.browser.variants import BOTH_WAYS
from tests.browser.waiting import HeldRequest


@pytest.fixture
def desk(page, article, branch, let_in):
    """The page of a thread for moderators."""
    let_in(page, factories.moderator())
    page.goto(reverse("comments:moderation_thread", args=[article.pk]))
    return page


@pytest.fixture
def reader(visitor, thread):
    """What somebody else sees of the thread meanwhile."""
    return thread(visitor())


def decide(desk, comment, decision, reason="話題違い"):
    entry = desk.locator(f"#comment-{comment.pk}")
    entry.locator("summary").click()
    entry.get_by_label("理由").select_option(label=reason)
    with desk.expect_navigation():
        entry.get_by_role("button", name=decision, exact=True).click()


def undo_newest(desk):
    with desk.expect_navigation():
        desk.locator("#ledger").get_by_role("button", name="取り消す").first.click()


def test_a_moderator_signs_in_where_the_way_led(page, article, branch):
    factories.moderator()
    page.goto(reverse("comments:moderation_thread", args=[article.pk]))
    page.get_by_label("ユーザー名").fill("moderator")
    page.get_by_label("パスワード").fill("a good password")
    page.get_by_role("button", name="ログイン").click()
    expect(page.locator("section#comments")).to_be_visible()


@BOTH_WAYS
def test_a_pruned_branch_is_gone_and_comes_back(desk, reader, branch):
    first, second, third = branch
    decide(desk, second, "枝ごと削除")
    expect(reader.open().comment(first)).to_be_visible()
    expect(reader.title).to_contain_text("1")
    for comment in (second, third):
        expect(reader.comment(comment)).to_have_count(0)
    undo_newest(desk)
    for comment in branch:
        expect(reader.open().comment(comment)).to_be_visible()
    expect(reader.title).to_contain_text("3")


@pytest.mark.slow
def test_a_removed_comment_leaves_a_placeholder_above_its_replies(desk, reader, branch):
    first, second, _third = branch
    decide(desk, first, "このコメントだけ削除")
    removed = reader.open().comment(first)
    expect(removed).to_have_class("comment comment--removed")
    expect(removed).to_contain_text("話題違い")
    expect(removed).not_to_contain_text(first.text)
    expect(reader.comment(second)).to_be_visible()
    undo_newest(desk)
    expect(reader.open().comment(first)).to_contain_text(first.text)


@pytest.mark.slow
def test_a_held_comment_waits_until_it_is_approved(desk, reader, branch):
    third = branch[-1]
    decide(desk, third, "保留")
    expect(reader.open().comment(third)).to_have_count(0)
    decide(desk, third, "承認")
    expect(reader.open().comment(third)).to_be_visible()


@pytest.mark.slow
def test_a_decision_to_remove_needs_a_reason(desk, reader, branch):
    decide(desk, branch[0], "このコメントだけ削除", reason="選んでください")
    expect(desk.get_by_text("理由を選んでください。").first).to_be_visible()
    expect(reader.open().comment(branch[0])).to_contain_text(branch[0].text)


def opened_menu(shown, comment):
    menu = shown.comment(comment).locator(".comment__actions")
    menu.get_by_role("link", name="その他").click()
    expect(menu.get_by_role("button", name="保留")).to_be_visible()
    return menu


@pytest.mark.slow
@pytest.mark.parametrize("scripts", [True], indirect=True, ids=["scripts"])
def test_the_menu_beside_a_comment_prunes_and_takes_back(desk, reader, branch, thread):
    """In place: the moderator goes on reading where the decision fell."""
    _first, second, third = branch
    shown = thread(desk).open()
    desk.evaluate("window.stays = true")
    menu = opened_menu(shown, second)
    menu.get_by_label("理由").select_option(label="宣伝・広告")
    menu.get_by_role("button", name="枝ごと削除").click()
    told = desk.locator(".decided")
    expect(told).to_be_focused()
    expect(told).to_contain_text(">>2を枝ごと削除しました（2件）。")
    for comment in (second, third):
        expect(shown.comment(comment)).to_be_hidden()
        expect(reader.open().comment(comment)).to_have_count(0)
    expect(shown.title).to_contain_text("1")
    told.get_by_role("button", name="取り消す").click()
    expect(told).to_have_count(0)
    for comment in (second, third):
        expect(shown.comment(comment)).to_be_visible()
    expect(shown.comment(second).locator(".comment__number")).to_be_focused()
    expect(shown.title).to_contain_text("3")
    expect(reader.open().comment(second)).to_be_visible()
    assert desk.evaluate("window.stays")


@pytest.mark.parametrize("scripts", [True], indirect=True, ids=["scripts"])
def test_the_menu_hides_one_comment_and_leaves_its_replies(desk, reader, branch, thread):
    _first, second, third = branch
    shown = thread(desk).open()
    opened_menu(shown, second).get_by_role("button", name="保留").click()
    expect(desk.locator(".decided")).to_contain_text(">>2を保留にしました。")
    expect(shown.comment(second)).to_be_hidden()
    expect(shown.comment(third)).to_be_visible()
    expect(reader.open().comment(second)).to_contain_text("確認待ち")


@pytest.mark.slow
@pytest.mark.parametrize("scripts", [True], indirect=True, ids=["scripts"])
def test_the_menu_asks_for_the_missing_reason(desk, branch, thread):
    shown = thread(desk).open()
    menu = opened_menu(shown, branch[0])
    menu.get_by_role("button", name="このコメントだけ削除").click()
    expect(menu.get_by_role("alert")).to_have_text("理由を選んでください。")
    menu.get_by_label("理由").select_option(label="宣伝・広告")
    menu.get_by_role("button", name="このコメントだけ削除").click()
    expect(desk.locator(".decided")).to_contain_text(">>1を削除しました。")


@pytest.mark.slow
@pytest.mark.parametrize("scripts", [True], indirect=True, ids=["scripts"])
def test_a_slow_answer_is_told_once_and_where_the_menu_was(desk, article, branch, thread):
    """Pressed twice, and the menu is closed before the answer is there."""
    sent = HeldRequest(desk, "**/inline/")
    hold = opened_menu(thread(desk).open(), branch[1]).get_by_role("button", name="保留")
    hold.dblclick()
    desk.keyboard.press("Escape")
    expect(desk.locator(".menu__box")).to_have_count(0)
    sent.let_go()
    expect(desk.locator(".decided")).to_contain_text(">>2を保留にしました。")
    assert article.thread.actions.count() == 1


@pytest.mark.slow
@pytest.mark.parametrize("scripts", [True], indirect=True, ids=["scripts"])
def test_the_keys_pass_over_what_was_decided(desk, article, branch, thread):
    second, third = (factories.comment(article, text=text) for text in ("次の話", "その次"))
    shown = thread(desk).open()
    opened_menu(shown, second).get_by_role("button", name="保留").click()
    expect(desk.locator(".decided")).to_be_focused()
    shown.comment(branch[0]).locator(".comment__number").focus()
    desk.keyboard.press("j")
    expect(shown.comment(third).locator(".comment__number")).to_be_focused()
    desk.keyboard.press("k")
    expect(shown.comment(branch[0]).locator(".comment__number")).to_be_focused()


@pytest.mark.slow
@pytest.mark.parametrize("scripts", [True], indirect=True, ids=["scripts"])
def test_what_was_decided_further_up_is_shown_anew(desk, reader, branch, thread):
    first, second, third = branch
    shown = thread(desk).open()
    first.prune(by=factories.user("colleague"), reason="spam")
    menu = opened_menu(shown, third)
    with desk.expect_navigation():
        menu.get_by_role("button", name="取り消す: 枝ごと削除").click()
    for comment in branch:
        expect(shown.comment(comment)).to_be_visible()
    expect(reader.open().comment(third)).to_be_visible()


@pytest.mark.slow
@pytest.mark.parametrize("scripts", [True], indirect=True, ids=["scripts"])
def test_a_decision_that_cannot_be_sent_stays_in_the_menu(desk, branch, thread):
    menu = opened_menu(thread(desk).open(), branch[0])
    menu.get_by_label("理由").select_option(label="宣伝・広告")
    desk.context.set_offline(True)
    menu.get_by_role("button", name="このコメントだけ削除").click()
    expect(menu.get_by_role("alert")).to_contain_text("送信できませんでした。")
    expect(menu.get_by_label("理由")).to_have_value("spam")
    desk.context.set_offline(False)
    menu.get_by_role("button", name="このコメントだけ削除").click()
    expect(desk.locator(".decided")).to_contain_text(">>1を削除しました。")


@pytest.mark.slow
@pytest.mark.parametrize("scripts", [True], indirect=True, ids=["scripts"])
def test_the_menu_of_who_signed_out_offers_the_login(desk, branch, thread):
    menu = opened_menu(thread(desk).open(), branch[0])
    desk.context.clear_cookies(name="sessionid")
    menu.get_by_role("button", name="保留").click()
    expect(desk.get_by_role("link", name="新しいタブでログイン")).to_be_visible()


@pytest.mark.slow
@pytest.mark.once
@pytest.mark.parametrize("scripts", [True], indirect=True, ids=["scripts"])
def test_on_the_page_of_a_comment_a_decision_can_be_undone(desk, branch, thread):
    """That page shows no number of comments."""
    shown = thread(desk)
    desk.goto(branch[0].get_absolute_url())
    menu = opened_menu(shown, branch[1])
    menu.get_by_label("理由").select_option(label="宣伝・広告")
    menu.get_by_role("button", name="枝ごと削除（2件）").click()
    desk.locator(".decided").get_by_role("button", name="取り消す").click()
    expect(shown.comment(branch[1])).to_be_visible()
    branch[1].refresh_from_db()
    assert branch[1].is_published


@pytest.mark.parametrize("scripts", [True], indirect=True, ids=["scripts"])
def test_readers_are_offered_no_decisions(page, branch, thread):
    menu = thread(page).open().comment(branch[0]).locator(".comment__actions")
    menu.get_by_role("link", name="その他").click()
    expect(menu.get_by_role("button", name="リンクをコピー")).to_be_visible()
    expect(menu.get_by_role("button", name="枝ごと削除")).to_have_count(0)


@pytest.mark.slow
def test_staff_answers_under_its_own_name(desk, reader, branch):
    address = reverse("comments:staff_write", args=[branch[0].thread.article_id])
    desk.goto(f"{address}?parent={branch[0].pk}")
    desk.get_by_role("textbox", name="コメント").fill("司会です。続きはこちらで。")
    with desk.expect_navigation():
        desk.get_by_role("button", name="投稿する").click()
    answer = reader.open().saying("司会です。")
    expect(answer.locator(".comment__author")).to_have_text("司会")
    expect(answer.locator(".comment__badge")).to_have_text("スタッフ")
    expect(answer).to_have_attribute("data-depth", "1")
