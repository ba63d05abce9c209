"""An editor's work in a browser: the editor, the picker and the preview under the site's policy."""

import re

import pytest
from playwright.sync_api import expect

from articles.models import Article
from tests import factories, pictures, staff


@pytest.fixture
def scripts():
    """The admin needs JavaScript."""
    return True


@pytest.fixture
def picture():
    return pictures.in_library(
        image_alt_text="朝の桟橋", caption="出航を待つ船。", copyright="港湾新報 写真部"
    )


@pytest.fixture
def sign_in(page):
    def sign_in(user):
        page.goto("/admin/")
        page.get_by_label("ユーザー名").fill(user.username)
        page.get_by_label("パスワード").fill("a good password")
        page.get_by_role("button", name="ログイン").click()
        expect(page.locator("#user-tools")).to_be_visible()
        return page

    return sign_in


def add_figure(page, picture):
    """Insert a figure from the library, with the editor's button and the popup."""
    page.locator(".prose-menubar__button", has_text="image").click()
    dialog = page.locator("dialog")
    with page.expect_popup() as opened:
        dialog.locator("button", has_text=re.compile("Browse|選ぶ")).click()
    with opened.value as popup:
        popup.get_by_role("link", name=picture.file_name).click()
    dialog.locator("button[type=submit]").click()
    expect(page.locator(".tiptap figure img")).to_have_attribute(
        "data-file", str(picture.pk)
    )


def choose(page, field, text):
    """Choose from a list that searches while one types."""
    field.locator(".select2-selection").click()
    page.locator(".select2-container--open .select2-search__field").fill(text)
    page.locator(".select2-results__option", has_text=text).first.click()


def write(page, picture, *, title):
    """Fill in the form of a new article, as far as an editor would."""
    page.goto("/admin/articles/article/add/")
    page.locator("#id_title").fill(title)
    page.keyboard.press("End")
    page.locator("#id_lead").fill("船が出る。")
    page.locator(".tiptap").click()
    page.keyboard.type("霧が晴れた。")
    add_figure(page, picture)
    choose(page, page.locator(".field-tags"), "港")
    page.locator(".field-tags .select2-search__field").fill("船、")
    page.locator("#sources-group .add-row a").click()
    page.locator("#id_sources-0-title").fill("運航の記録")
    page.locator("#id_sources-0-url").fill("https://example.jp/log")


def test_an_editor_writes_previews_and_publishes(page, sign_in, picture):
    related = factories.article(title="灯台の百年")
    sign_in(staff.editor())
    write(page, picture, title="朝の桟橋から")
    expect(page.locator("#id_slug")).to_have_value("朝の桟橋から")
    page.locator("#related_links-group .add-row a").click()
    choose(page, page.locator("#related_links-0"), related.title)
    with page.expect_popup() as opened:
        page.get_by_role("button", name=re.compile("^(Preview|プレビュー)$")).click()
    with opened.value as preview:
        expect(preview.locator("h1")).to_have_text("朝の桟橋から")
        expect(preview.locator(".article__body img")).to_have_attribute("alt", "朝の桟橋")
    assert not Article.objects.filter(title="朝の桟橋から").exists()

    page.get_by_role("button", name=re.compile("^(Publish|公開する)$")).click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    article = Article.objects.get(title="朝の桟橋から")
    page.goto(article.get_absolute_url())
    expect(page.locator("h1")).to_have_text("朝の桟橋から")
    expect(page.locator(".article__body")).to_contain_text("霧が晴れた。")
    expect(page.locator(".article__body figcaption")).to_contain_text("港湾新報 写真部")
    image = page.locator(".article__body img")
    image.scroll_into_view_if_needed()
    expect(image).to_have_js_property("complete", True)
    assert image.evaluate("image => image.naturalWidth") > 0
    expect(page.locator(".article__sources a")).to_have_attribute(
        "href", "https://example.jp/log"
    )
    expect(page.locator(".article__chosen")).to_contain_text(related.title)
    expect(page.locator(".article__tag")).to_have_text(["港", "船"])
