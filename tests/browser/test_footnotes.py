"""Footnotes by their button, and embeds as cards, in the editor under the real policy."""

import pytest
from playwright.sync_api import expect

from articles.body.stored import sanitize_body
from tests import factories, staff


@pytest.fixture
def scripts():
    """The admin needs JavaScript."""
    return True


def add_note(page, text):
    page.locator(".prose-menubar__button[data-name=footnote]").click()
    dialog = page.locator(".prose-editor-dialog")
    dialog.locator("input[name=text]").fill(text)
    dialog.locator("button[type=submit]").click()
    expect(page.locator(".tiptap ol")).to_contain_text(text)


@pytest.mark.slow
def test_notes_are_numbered_in_the_order_of_the_text(page, let_in):
    video = "https://www.youtube.com/watch?v=abcdefghijk"
    body = f'<p>霧。</p><p>船。</p><p><a href="{video}">{video}</a></p>'
    article = factories.article(status="draft", published_at=None, body=body)
    let_in(page, staff.editor())
    page.goto(f"/admin/articles/article/{article.pk}/change/")
    expect(page.locator(".tiptap .embed-card")).to_have_attribute("data-service", "YouTube")
    for place, note in ((1, "あとの注"), (0, "はじめの注"), (1, "つづく注")):
        page.locator(".tiptap > p").nth(place).click()
        page.keyboard.press("End")
        add_note(page, note)
    entry = '<li id="note-{0}"><p>{1}</p></li>'.format
    reference = '<a href="#note-{0}"><sup>{0}</sup></a>'.format
    assert sanitize_body(page.locator("#id_body").input_value()) == (
        f"<p>霧。{reference(1)}</p><p>船。{reference(2)}{reference(3)}</p>"
        f'<p><a href="{video}">{video}</a></p>'
        f"<ol>{entry(1, 'はじめの注')}{entry(2, 'あとの注')}{entry(3, 'つづく注')}</ol>"
    )
