"""Measures in the browser: the menu at a comment, its page, the bar of raid protection."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from comments.models import ModerationAction
from comments.posting import post
from tests import factories

LOCKED = "受け付けていません"


@pytest.fixture
def moderator(page, let_in):
    """A moderator's browser, marked as that of staff by its first page."""
    let_in(page, factories.moderator())
    page.goto(reverse("comments:modes"))
    return page


@pytest.fixture
def reader(visitor, thread):
    return thread(visitor())


def open_forms(page, thread, comment, *, scripts):
    """Open the forms for measures: in the menu, without scripts on their page."""
    if not scripts:
        page.goto(reverse("comments:measures", args=[comment.pk]))
        return page.locator(".menu__group--measures")
    shown = thread(page).open().comment(comment)
    shown.get_by_role("link", name="その他").click()
    forms = shown.locator(".menu__group--measures")
    expect(forms).to_be_visible()
    return forms


def press(page, button):
    """Press a button after which the page is loaded anew."""
    with page.expect_event("domcontentloaded"):
        button.click()


@pytest.mark.slow
def test_a_branch_is_locked_and_opened_again(moderator, reader, thread, branch, scripts):
    top, below, _last = branch
    moderator.set_viewport_size({"width": 375, "height": 400})
    forms = open_forms(moderator, thread, top, scripts=scripts)
    if scripts:  # on their own page they are open
        forms.get_by_text("枝を閉じる・間隔をあける").click()
    press(moderator, forms.get_by_role("button", name="枝の返信停止"))
    expect(moderator).to_have_url(re.compile(f"#comment-{top.pk}$"))
    expect(moderator.locator(f"#comment-{top.pk}")).to_be_in_viewport(ratio=0.9)
    shown = reader.open()
    expect(shown.comment(top)).to_contain_text(LOCKED)
    for comment in (top, below):
        expect(shown.comment(comment).get_by_role("link", name="返信")).to_have_count(0)
    forms = open_forms(moderator, thread, top, scripts=scripts)
    press(moderator, forms.get_by_role("button", name="取り消す"))
    expect(moderator).to_have_url(re.compile(f"#comment-{top.pk}$"))
    shown = reader.open()
    expect(shown.comment(top)).not_to_contain_text(LOCKED)
    expect(shown.comment(below).get_by_role("link", name="返信")).to_be_visible()


@pytest.mark.slow
def test_a_comment_of_the_staff_is_pinned(moderator, reader, thread, article, branch, scripts):
    user = factories.user("desk", display_name="編集部")
    own = post(article, text="訂正を記事の末尾に載せました。", staff=user)
    forms = open_forms(moderator, thread, own, scripts=scripts)
    press(moderator, forms.get_by_role("button", name="固定"))
    pinned = reader.open().page.locator(".lifted--pinned")
    expect(pinned).to_contain_text("訂正を記事の末尾に載せました。")
    ModerationAction.objects.get().undo(by=user)
    expect(reader.open().page.locator(".lifted--pinned")).to_have_count(0)


@pytest.mark.slow
def test_raid_protection_is_switched_on_and_ended(moderator, reader, branch):
    with moderator.expect_navigation():
        moderator.get_by_role("button", name="始める").click()
    moderator.goto(reverse("comments:queue"))
    bar = moderator.locator(".raid-bar")
    expect(bar).to_contain_text("荒らし対策")
    expect(bar.get_by_role("link", name="延ばす…")).to_be_visible()
    notice = reader.open().page.locator("#write .form__notice")
    expect(notice).to_contain_text("荒らし対策中です")
    with moderator.expect_navigation():
        bar.get_by_role("button", name="終える").click()
    expect(moderator).to_have_url(re.compile(f"{reverse('comments:queue')}$"))
    expect(moderator.locator(".raid-bar")).to_have_count(0)
    expect(reader.open().page.locator(".form__notice")).to_have_count(0)


@pytest.mark.slow
@pytest.mark.parametrize("scripts", [True], indirect=True, ids=["scripts"])
def test_an_editor_finds_the_way_to_feature_in_the_menu(page, let_in, thread, branch):
    let_in(page, factories.user("editor", "publish_article", is_staff=True))
    page.goto("/admin/")
    shown = thread(page).open().comment(branch[0])
    shown.get_by_role("link", name="その他").click()
    with page.expect_navigation():
        shown.get_by_role("link", name="注目のコメント").click()
    page.get_by_label("トップページ", exact=False).check()
    with page.expect_navigation():
        page.get_by_role("button", name="注目のコメント").click()
    expect(page.locator(".lifted")).to_contain_text(branch[0].text)
    page.goto("/")
    expect(page.locator(".voice")).to_contain_text(branch[0].text)
