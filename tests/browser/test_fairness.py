"""A reader reports and sees the outcome; a writer objects and is heard."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import expect

from comments.models import Comment, ModerationAction, Objection, Report
from tests import factories
from tests.browser.variants import BOTH_WAYS


@pytest.fixture
def writer(page, thread):
    """A browser that has written a comment."""
    return write(thread(page), "灯台の番人は山田さんです。")


@pytest.fixture
def decider():
    return factories.moderator("三澄")


def write(thread, text):
    """Write a comment in the thread's form."""
    page = thread.open().page
    form = page.locator("#write form")
    form.get_by_role("textbox", name="コメント").fill(text)
    form.get_by_role("button", name="投稿する").click()
    expect(page.locator("article.comment", has_text=text)).to_be_visible()
    return page


def report(page, comment, reason, text=""):
    page.goto(f"/comments/{comment.pk}/report/")
    page.get_by_role("radio", name=reason).check()
    page.get_by_label("詳しい説明").fill(text)
    page.get_by_role("button", name="送信する").click()
    expect(page.get_by_role("status").filter(has_text="ありがとう")).to_be_visible()


@pytest.mark.slow
@BOTH_WAYS
def test_a_writer_objects_and_is_heard(
    writer, visitor, let_in, thread, article, branch, decider, scripts
):
    comment = Comment.objects.get(text__contains="山田")
    reply = factories.comment(article, text="そうなんですか。", parent=comment)
    comment.refresh_from_db()
    comment.remove(by=decider, reason="privacy")

    other = thread(visitor()).open()
    expect(other.comment(comment)).to_contain_text("個人情報")
    expect(other.comment(comment)).not_to_contain_text("山田")
    expect(other.comment(reply)).to_be_visible()

    if scripts:
        slot = thread(writer).open().page.locator(".thread__held")
        expect(slot).to_have_text("削除1")
    writer.goto("/me/")
    expect(writer.locator(".entry", has_text="山田")).to_contain_text("個人情報")
    writer.get_by_role("link", name="異議を申し立てる").click()
    writer.get_by_role("button", name="異議を申し立てる").click()
    expect(writer.locator(".form__error")).to_contain_text("異議の理由")
    writer.get_by_label("異議の理由").fill("百年前の記録に載っている名前です。")
    writer.get_by_role("button", name="異議を申し立てる").click()
    expect(writer.locator(".comment--held")).to_contain_text("回答をお待ちください")

    moderator = visitor()
    let_in(moderator, factories.moderator("久部"))
    moderator.goto(f"/moderation/objections/{Objection.objects.get().pk}/")
    expect(moderator.locator(".objection")).to_contain_text("百年前の記録")
    moderator.get_by_label("投稿者への回答").fill("確認できました。")
    moderator.get_by_role("button", name="異議を認めて掲載する").click()
    expect(moderator.locator(".objection")).to_contain_text("掲載しました")

    expect(thread(other.page).open().comment(comment)).to_contain_text("山田")
    writer.goto("/me/")
    entry = writer.locator(".entry", has_text="山田")
    expect(entry).to_contain_text("異議が認められ")
    expect(entry).to_contain_text("確認できました。")


@pytest.mark.slow
def test_the_moderator_who_decided_leaves_the_answer_to_another(writer, visitor, let_in, decider):
    comment = Comment.objects.get()
    comment.remove(by=decider, reason="privacy")
    factories.moderator("久部")
    writer.goto(f"/comments/{comment.pk}/object/")
    writer.get_by_label("異議の理由").fill("理由があります。")
    writer.get_by_role("button", name="異議を申し立てる").click()
    expect(writer.locator(".comment--held")).to_contain_text("回答をお待ちください")
    desk = visitor()
    let_in(desk, decider)
    desk.goto(f"/moderation/objections/{Objection.objects.get().pk}/")
    expect(desk.locator(".objection")).to_contain_text("ほかの審査担当者が回答します")
    expect(desk.get_by_role("button", name="異議を認めて掲載する")).to_have_count(0)


def test_a_reader_reports_and_sees_the_outcome(writer, branch, decider):
    first = branch[0]
    report(writer, first, "宣伝・広告", "店の宣伝です。")
    assert Report.objects.get().text == "店の宣伝です。"
    writer.goto("/me/")
    expect(writer.locator("#reports")).to_contain_text("審査待ち")
    writer.goto(f"/comments/{first.pk}/report/")
    expect(writer.get_by_role("radio")).to_have_count(0)
    expect(writer.locator(".form__error")).to_contain_text("すでに通報済み")
    first.refresh_from_db()
    first.remove(by=decider, reason="spam")
    writer.goto("/me/")
    expect(writer.locator("#reports")).to_contain_text("削除しました (宣伝・広告)")


@pytest.mark.slow
def test_a_report_without_a_reason_keeps_its_words(writer, branch):
    writer.goto(f"/comments/{branch[0].pk}/report/")
    writer.get_by_label("詳しい説明").fill("くわしい話です。")
    writer.get_by_role("button", name="送信する").click()
    expect(writer.locator(".form__error")).to_be_visible()
    expect(writer.get_by_label("詳しい説明")).to_have_value("くわしい話です。")
    for choice in writer.locator(".choice").all():
        assert choice.bounding_box()["height"] >= 44


@pytest.mark.slow
def test_moderation_in_numbers_fits_a_phone(page, article):
    month_ago = timezone.localtime().replace(day=1) - timedelta(days=3)
    by = factories.user("三澄")
    for number in range(7):
        comment = factories.comment(article, text=f"意見 {number}", posted_at=month_ago)
        comment.remove(by=by, reason="abuse")
    ModerationAction.objects.update(created_at=month_ago)
    cache.clear()
    page.goto("/")
    page.get_by_role("link", name="審査の記録").click()
    expect(page.locator(".numbers__saying")).to_contain_text("7件を削除")
    for width in (320, 375, 700, 1040):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.scrollingElement.scrollWidth") == width
