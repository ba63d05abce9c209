"""Reading, posting, answering, voting, editing and drafts in every engine."""

import pytest

from comments.models import Comment
from tests import factories

pytestmark = pytest.mark.parametrize("window", ["firefox", "webkit"], indirect=True)

FIELD = "#write textarea[name=text]"
POST = "#write .button--primary"
REPLY = "li > form.form"


def write(reader, text, form="#write"):
    reader.type(f"{form} textarea[name=text]", text)
    reader.click(f"{form} .button--primary")
    reader.wait_for_text(text, ".comment__body")


def press_in(reader, comment, selector):
    reader.click(f"#comment-{comment.pk} {selector}")


def test_a_reader_writes_and_answers(reader, article):
    first = factories.comment(article, text="灯台の光が好きです。")
    reader.visit(article.get_absolute_url())
    reader.wait_for_text("灯台の光が好きです。", ".comment__body")
    write(reader, "夜に見ました。")
    press_in(reader, first, ".comment__reply")
    reader.wait("return document.activeElement.matches('li > form textarea')")
    write(reader, "どの夜ですか。", REPLY)
    reader.reload()
    reader.wait_for_text("どの夜ですか。", ".comment__body")
    reader.wait_for_text("あなた", ".comment__mine")
    assert Comment.objects.get(text="どの夜ですか。").parent == first
    assert Comment.objects.count() == 3


def test_a_vote_counts_and_is_taken_back(reader, article):
    first = factories.comment(article, text="灯台の光が好きです。")
    reader.visit(article.get_absolute_url())
    score = f"#comment-{first.pk} .comment__score"
    press_in(reader, first, ".comment__vote-button")
    reader.wait_for_text("1", score)
    reader.reload()
    reader.wait(f"return document.querySelector('#comment-{first.pk} [aria-pressed=true]')")
    reader.wait_for_text("1", score)
    press_in(reader, first, ".comment__vote-button")
    reader.wait("return !document.querySelector(arguments[0]).innerText.trim()", score)


def test_a_comment_is_edited_and_deleted_by_its_writer(reader, article):
    reader.visit(article.get_absolute_url())
    write(reader, "百年ですね。")
    comment = Comment.objects.get()
    reader.click(f"#comment-{comment.pk} .menu__button")
    reader.click("[data-for=editable]:not([hidden])")
    reader.wait("return document.querySelector('textarea[name=text]')?.value === '百年ですね。'")
    reader.type("textarea[name=text]", "もうすぐ。")
    reader.click("main .button--primary")
    reader.wait_for_text("百年ですね。もうすぐ。", ".comment__body")
    reader.click(f"#comment-{comment.pk} .menu__button")
    reader.click("[data-for=own]:not([hidden])")
    reader.click("main .button--confirm")
    reader.wait_for_text("コメント", "#comments h2")
    reader.wait("return !document.querySelector('.comment__body')")
    assert not Comment.objects.get().is_published


def test_a_draft_stays_until_it_is_posted(reader, article):
    reader.visit(article.get_absolute_url())
    reader.type(FIELD, "途中まで書いた。")
    reader.reload()
    reader.wait(f"return document.querySelector('{FIELD}')?.value === '途中まで書いた。'")
    reader.click("#write [name=preview]")
    reader.wait_for_text("途中まで書いた。", ".form__preview")
    reader.click(".form__preview ~ .buttons .button--primary")
    reader.wait_for_text("途中まで書いた。", ".comment__body")
    reader.wait(f"return document.querySelector('{FIELD}').value === ''")
    reader.reload()
    reader.wait_for_text("途中まで書いた。", ".comment .comment__body")
    assert reader.run(f"return document.querySelector('{FIELD}').value") == ""
    assert Comment.objects.count() == 1


def test_the_key_that_ends_a_conversion_does_nothing_else(reader, article):
    comment = factories.comment(article, text="灯台の光が好きです。")
    reader.visit(article.get_absolute_url())
    press_in(reader, comment, ".comment__reply")
    reader.wait("return document.activeElement.matches('li > form textarea')")
    press = """
    const init = { key: "Escape", bubbles: true, cancelable: true, ...arguments[0] };
    document.activeElement.dispatchEvent(new KeyboardEvent("keydown", init));
    return Boolean(document.querySelector("li > form"));
    """
    assert reader.run(press, {"isComposing": True})
    assert reader.run(press, {"keyCode": 229})
    assert not reader.run(press, {"keyCode": 27})


def test_at_a_desk_a_reader_goes_from_the_text_to_the_newest_comment_and_answers(reader, article):
    first = factories.comment(article, text="灯台の光が好きです。")
    reader.set_width(1280)
    try:
        reader.visit(article.get_absolute_url())
        reader.wait("return innerWidth === 1280")
        reader.click(".article__head a[href='#comments']")
        reader.wait("return location.hash === '#comments'")
        press_in(reader, first, ".comment__vote-button")
        reader.wait_for_text("1", f"#comment-{first.pk} .comment__score")
        press_in(reader, first, ".comment__reply")
        reader.wait("return document.activeElement.matches('li > form textarea')")
        write(reader, "夜に見ました。", REPLY)
        reader.reload()
        reader.wait_for_text("あなた", ".comment__mine")
        assert Comment.objects.get(text="夜に見ました。").parent == first
        assert reader.run("return document.documentElement.scrollWidth") <= 1280
    finally:
        reader.set_width(375)
        reader.wait("return innerWidth === 375")
