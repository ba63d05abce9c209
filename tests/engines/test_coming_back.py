"""What a browser brings back: by F5, by Back, and after a reader has left."""

import time

import pytest

from comments.models import Comment
from comments.views import writing
from tests import factories
from tests.engines.test_taking_part import FIELD, press_in, write

pytestmark = pytest.mark.parametrize("window", ["firefox", "webkit"], indirect=True)

READ = f"return document.querySelector('{FIELD}')?.value"


def test_after_a_question_and_a_newer_draft_f5_keeps_the_newer(reader, article):
    reader.visit(article.get_absolute_url())
    reader.type(FIELD, "すごい!!!!!!!!!!!!!!!!!!!!")
    reader.click("#write .button--primary")
    reader.wait("return document.querySelector('#write [name=confirmed]')")
    reader.type(FIELD, "とても。")
    reader.reload()
    newer = reader.run(READ)
    assert "とても。" in newer
    for _each in range(2):
        reader.reload()
        reader.wait(f"{READ} === arguments[0]", newer)


def test_what_was_posted_stands_in_no_form_again(reader, article):
    reader.visit(article.get_absolute_url())
    write(reader, "百年ですね。")
    reader.reload()
    reader.wait_for_text("百年ですね。", ".comment__body")
    assert reader.run(READ) == ""
    first = Comment.objects.get()
    reader.visit(f"/comments/{first.pk}/reply/")
    reader.type("main textarea[name=text]", "そう百年。")
    reader.click("main form.form .button--primary")
    reader.wait_for_text("そう百年。", ".comment__body")
    reader.back()
    reader.wait("return document.querySelector('main textarea[name=text]')?.value === ''")


def test_back_shows_votes_edits_and_deletions_as_they_are(reader, article):
    first = factories.comment(article, text="灯台の光が好きです。")
    reader.visit(article.get_absolute_url())
    write(reader, "百年。")
    own = Comment.objects.latest("pk")
    press_in(reader, first, ".comment__vote-button")
    reader.wait_for_text("1", f"#comment-{first.pk} .comment__score")
    reader.visit(first.get_absolute_url())
    press_in(reader, first, ".comment__vote-button")
    reader.wait(f"return document.querySelector('#comment-{first.pk} [aria-pressed=false]')")
    reader.visit(f"/comments/{own.pk}/edit/")
    reader.type("main textarea[name=text]", "百一年。")
    reader.click("main .button--primary")
    reader.wait_for_text("百一年。", ".comment__body")
    reader.run("history.go(-3)")
    reader.wait(
        "return location.pathname === arguments[0] && document.readyState === 'complete'",
        article.get_absolute_url(),
    )
    reader.wait_for_text("百年。百一年。", f"#comment-{own.pk} .comment__body")
    reader.wait(
        "const [vote] = document.querySelectorAll(arguments[0]);"
        "return vote.ariaPressed !== 'true' && !vote.innerText.trim() && vote.value === '1'",
        f"#comment-{first.pk} .comment__vote-button",
    )


def test_who_leaves_before_it_is_sent_keeps_the_text_and_sends_nothing(reader, article, settings):
    settings.COMMENT_LIMITS = True
    reader.visit(article.get_absolute_url())
    reader.type(FIELD, "急いで書いた。")
    reader.click("#write .button--primary")
    reader.visit("/feeds/")
    reader.back()
    reader.wait(f"{READ} === '急いで書いた。'")
    time.sleep(4)  # longer than a token ripens
    assert not Comment.objects.exists()
    reader.click("#write .button--primary")
    reader.wait_for_text("急いで書いた。", ".comment__body")
    assert Comment.objects.count() == 1


def test_what_was_on_its_way_when_the_page_was_left_stands_in_no_form_again(
    reader, article, monkeypatch
):
    post = writing._post

    def post_slowly(*args):
        time.sleep(1)
        return post(*args)

    monkeypatch.setattr(writing, "_post", post_slowly)
    reader.visit(article.get_absolute_url())
    reader.type(FIELD, "途中で離れた。")
    reader.click("#write .button--primary")
    reader.visit("/feeds/")
    reader.back()
    reader.wait(f"{READ} === ''")
    reader.wait_for_text("途中で離れた。", ".comment__body")
    assert Comment.objects.count() == 1
