"""The way from a public page to its form, and the preview in two widths, under the real policy."""

import re

import pytest
from playwright.sync_api import expect

from tests import factories, staff


@pytest.fixture
def scripts():
    """The way from the page to the form is one of its scripts."""
    return True


@pytest.mark.slow
def test_an_editor_goes_from_the_page_to_the_form_and_the_preview(page, let_in):
    article = factories.article(title="港の灯台", lead="霧の朝。")
    let_in(page, staff.editor())
    page.goto("/admin/")  # marks the browser as one of the staff
    page.goto(article.get_absolute_url())
    page.get_by_role("link", name="記事を編集").click()
    expect(page.locator("#id_title")).to_have_value("港の灯台")

    refused = []
    page.on("console", lambda line: refused.append(line.text) if line.type == "error" else None)
    page.goto(f"/admin/articles/article/{article.pk}/preview/")
    frame = page.frame_locator(".preview__frame")
    expect(frame.locator("h1")).to_have_text("港の灯台")
    assert frame.locator("body").evaluate("() => innerWidth") <= 375
    assert frame.locator("body").evaluate("() => document.documentElement.scrollWidth") <= 375
    page.get_by_text("パソコン").click()
    expect(page.get_by_label("パソコン")).to_be_checked()
    assert frame.locator("body").evaluate("() => innerWidth") == 1280
    stage, shown = (page.locator(f".preview__{name}").bounding_box() for name in ("stage", "frame"))
    assert shown["width"] <= stage["width"] + 1
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_label("スマートフォン")).to_be_checked()
    with page.expect_popup() as opened:  # other pages refuse the frame
        frame.get_by_role("link", name="ホーム").click()
    expect(opened.value).to_have_url(re.compile("/$"))
    assert refused == []
