"""Writing and voting as a reader does, with scripts and without."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from comments.models import AnswerNotice, Comment, Report
from tests import factories
from tests.browser.variants import BOTH_WAYS
from tests.browser.waiting import wait_until


def form_of(page):
    """The form on a page: the one for an answer where it is open, else that below the thread."""
    forms = page.locator("form.form:not(.decision)")
    return page.locator("li > form.form").or_(forms).first


def write(page, text, name=""):
    form = form_of(page)
    form.get_by_role("textbox", name="コメント").fill(text)
    if name:
        form.get_by_role("textbox", name="名前").fill(name)
    form.get_by_role("button", name="投稿する").click()


def vote(comment):
    comment.locator(".comment__vote-button").last.click()


def test_a_reader_writes_a_comment(page, article, thread):
    shown = thread(page).open()
    write(page, "明かりを見て育ちました。\n\n<b>太字</b>ではありません。", name="岬の人")
    expect(shown.saying("明かりを見て育ちました。")).to_be_visible()
    written = thread(page).open().saying("明かりを見て育ちました。")
    expect(written.locator(".comment__author")).to_have_text("岬の人")
    expect(written.locator(".comment__body p")).to_have_count(2)
    expect(written.locator(".comment__body")).to_contain_text("<b>太字</b>ではありません。")
    expect(shown.title).to_contain_text("1")


@BOTH_WAYS
def test_a_reader_replies(page, article, branch, thread):
    last = branch[-1]
    shown = thread(page).open()
    shown.comment(last).get_by_role("link", name="返信").click()
    expect(page.get_by_text(f">>{last.number} 匿名さんに返信")).to_be_visible()
    write(page, "どの夜ですか。")
    expect(shown.saying("どの夜ですか。").first).to_be_visible()
    written = thread(page).open().saying("どの夜ですか。")
    expect(written).to_have_attribute("data-depth", str(last.level + 1))
    expect(shown.title).to_contain_text("4")


@pytest.mark.slow
def test_an_empty_comment_is_refused_with_a_sentence(page, article, thread):
    thread(page).open()
    write(page, "  ", name="岬の人")
    expect(page.get_by_text("コメントを入力してください。").first).to_be_visible()
    expect(page.get_by_role("textbox", name="名前").last).to_have_value("岬の人")


@pytest.mark.slow
def test_what_is_too_long_is_refused_and_kept(page, article, thread):
    thread(page).open()
    text = "長" * 5_001
    write(page, text)
    expect(form_of(page).locator("[aria-invalid=true]")).to_have_value(text)
    assert not Comment.objects.exists()


@pytest.mark.slow
def test_a_draft_is_shown_as_it_will_look(page, article, thread):
    thread(page).open()
    form_of(page).get_by_role("textbox", name="コメント").fill("> 百年\n本当に百年なのか。")
    page.get_by_role("button", name="プレビュー").click()
    preview = page.get_by_role("region", name="プレビュー")
    expect(preview.locator(".quoted")).to_have_text("> 百年")
    assert not Comment.objects.exists()
    form_of(page).get_by_role("button", name="投稿する").click()
    wait_until(page, Comment.objects.exists)
    expect(thread(page).saying("本当に百年なのか。").first).to_be_visible()
    assert Comment.objects.get().text == "> 百年\n本当に百年なのか。"


@pytest.mark.slow
def test_who_holds_a_key_down_is_asked_once(page, article, thread):
    shown = thread(page).open()
    write(page, "すごい" + "!" * 20)
    expect(page.get_by_text("同じ文字が何度も続いています。").first).to_be_visible()
    assert not Comment.objects.exists()
    page.get_by_role("button", name="はい、投稿する").click()
    wait_until(page, Comment.objects.exists)
    expect(shown.saying("すごい!!!").first).to_be_visible()
    assert Comment.objects.get().is_published


@pytest.mark.slow
def test_many_links_wait_and_only_their_writer_sees_them(page, visitor, article, thread):
    shown = thread(page).open()
    write(page, "資料です。 https://a.example https://b.example https://c.example")
    waiting = shown.saying("資料です。").first
    expect(waiting).to_contain_text("確認待ち。あなたにだけ見えています。")
    expect(waiting.get_by_role("link", name="取り下げる")).to_be_visible()
    assert "資料です。" not in thread(visitor()).open().page.content()


@BOTH_WAYS
def test_a_vote_counts_and_is_taken_back(page, branch, thread):
    first = branch[0]
    shown = thread(page).open()
    vote(shown.comment(first))
    expect(shown.comment(first).locator(".comment__score")).to_have_text("1")
    expect(shown.open().comment(first).locator(".comment__score")).to_have_text("1")
    page.goto(first.get_absolute_url())
    page.get_by_role("button", name="投票を取り消す").click()
    expect(page.get_by_role("button", name="投票を取り消す")).to_have_count(0)
    expect(shown.open().comment(first).locator(".comment__score")).to_be_empty()


@pytest.mark.slow
def test_votes_of_two_readers_add_up(visitor, branch, thread):
    first = branch[0]
    for readers in (1, 2):
        shown = thread(visitor()).open()
        vote(shown.comment(first))
        expect(shown.comment(first).locator(".comment__score")).to_have_text(str(readers))
    expect(thread(visitor()).open().comment(first).locator(".comment__score")).to_have_text("2")


@pytest.mark.slow
def test_who_voted_learns_that_the_comment_was_edited(page, scripts, branch, thread):
    first = branch[0]
    shown = thread(page).open()
    vote(shown.comment(first))
    expect(shown.comment(first).locator(".comment__score")).to_have_text("1")
    Comment.objects.filter(pk=first.pk).update(edited_at=timezone.now())
    place = shown.open().comment(first) if scripts else page
    if not scripts:
        page.goto(first.get_absolute_url())
    expect(place.get_by_text("投票のあとで編集されました。")).to_be_visible()


@pytest.mark.slow
def test_where_the_site_has_them_votes_go_both_ways(page, settings, branch, thread):
    settings.COMMENT_DOWN_VOTES = True
    shown = thread(page).open()
    against = shown.comment(branch[0]).get_by_role("button", name="反対")
    against.click()
    expect(shown.comment(branch[0]).locator(".comment__score")).to_have_text("-1")


def test_a_comment_is_edited_by_its_writer(page, article, thread):
    shown = thread(page).open()
    write(page, "百年ですね。")
    expect(shown.saying("百年ですね。").first).to_be_visible()
    page.goto(Comment.objects.get().get_absolute_url())
    page.get_by_role("link", name="編集").click()
    page.get_by_role("textbox", name="コメント").fill("百一年ですね。")
    page.get_by_role("button", name="保存").click()
    expect(shown.saying("百一年ですね。")).to_be_visible()
    expect(shown.open().saying("百一年ですね。")).to_be_visible()


@pytest.mark.slow
def test_a_comment_is_deleted_by_its_writer(page, article, thread):
    shown = thread(page).open()
    write(page, "書かなければよかった。")
    expect(shown.saying("書かなければよかった。").first).to_be_visible()
    page.goto(Comment.objects.get().get_absolute_url())
    page.get_by_role("link", name="削除する").click()
    page.get_by_role("button", name="削除する").click()
    expect(shown.title).to_contain_text("0")
    expect(shown.saying("書かなければよかった。")).to_have_count(0)


def test_a_reader_reports_a_comment(page, branch, thread):
    page.goto(branch[0].get_absolute_url())
    page.get_by_role("link", name="通報する").first.click()
    page.get_by_role("radio", name="個人情報").check()
    page.get_by_label("詳しい説明").fill("住所が書いてあります。")
    page.get_by_role("button", name="送信する").click()
    wait_until(page, Report.objects.exists)
    expect(page.get_by_role("status").last).to_be_visible()
    asked = Report.objects.get()
    assert (asked.comment, asked.reason, asked.text) == (
        branch[0],
        "privacy",
        "住所が書いてあります。",
    )


@pytest.mark.slow
def test_my_comments_are_listed_with_the_answers(page, article, thread, scripts):
    page.goto("/me/")
    expect(page.get_by_text("このブラウザーで書いたコメントはまだありません。")).to_be_visible()
    shown = thread(page).open()
    write(page, "夜の港が好きです。")
    expect(shown.saying("夜の港が好きです。").first).to_be_visible()
    factories.comment(article, text="どの港ですか。", parent=Comment.objects.get())
    page.goto("/me/")
    answers = page.get_by_role("region", name="あなたへの返信")
    expect(answers.get_by_role("listitem")).to_contain_text("未読")
    expect(answers).to_contain_text("どの港ですか。")
    if not scripts:
        page.get_by_role("button", name="既読にする").click()
    wait_until(page, AnswerNotice.objects.exists)
    page.goto("/me/")
    expect(answers).to_contain_text("どの港ですか。")
    expect(answers.get_by_text("未読")).to_have_count(0)


@pytest.mark.slow
def test_a_closed_thread_says_so_and_offers_no_form(page, article, thread):
    factories.comment(article, text="最後の一言。")
    closed = factories.thread_of(article)
    closed.first_open = False
    closed.save(update_fields=["first_open"])
    for order in ("", "?order=new", "?order=top"):
        page.goto(thread.address + order)
        expect(page.get_by_text("この議論への投稿は締め切りました。").first).to_be_visible()
        expect(page.get_by_role("button", name="投稿する")).to_have_count(0)
