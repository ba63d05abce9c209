"""A working day at the desk in a browser: from five photographs to a corrected article, by a writer
and an editor, under the policy of production."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from articles.models import Article, MediaFile
from tests import factories, pictures, staff
from tests.articles.admin_forms import address
from tests.browser.test_admin import add_figure, choose
from tests.browser.test_autosave import save
from tests.browser.test_library import DROP, LIST, encode
from tests.browser.test_pasting import BODY, COPY
from tests.browser.waiting import NEXT_FRAME

PASTED = Path(__file__).parent / "pastes" / "word-footnotes.html"
TITLE = "霧の朝、桟橋に船が戻る"


@pytest.fixture
def scripts():
    """The admin needs JavaScript."""
    return True


@pytest.mark.slow
def test_a_working_day(page, visitor, let_in):
    place = factories.category("港湾")
    lighthouse = factories.article(title="灯台の百年", body="<p>灯台と霧笛の話。</p>")
    lighthouse.tags.add("霧笛")
    writer, editor = staff.writer(), staff.editor()
    let_in(page, writer)
    desk = visitor()
    let_in(desk, editor)

    upload_five(page)
    write(page, place, lighthouse)
    article = Article.objects.get(title=TITLE)
    look_by_link(visitor(), share(page, article), article)
    hand_in(page, article)

    return_with_note(desk, article)
    mend(page, article)
    hand_in(page, article)

    schedule(desk, article)
    publish_now(desk, article)
    correct(desk, article)
    change_address(desk, article)
    compare_and_restore(desk, article)
    read_as_a_reader(visitor(), article)


def upload_five(page):
    page.goto(LIST)
    files = [
        (f"桟橋{number}.jpg", encode(pictures.picture(size=(300 + number, 200))))
        for number in range(5)
    ]
    page.locator(".desk__body").evaluate(DROP, files)
    rows = page.locator(".new-files__rows > .new-file")
    expect(rows.locator("[name=new]")).to_have_count(5)
    page.locator("[name=same-copyright]").fill("港湾新報 写真部")
    for row in rows.all():
        row.locator("[name$=image_alt_text]").fill("霧の桟橋")
    page.get_by_role("button", name="写真庫に入れる").click()
    expect(page.locator(".tile")).to_have_count(5)


def write(page, place, related):
    """Write an article with a figure, a table, a quotation, ruby, footnotes and a link; sign it in
    a category with a tag, a source and a related article."""
    page.goto("/admin/articles/article/add/")
    page.locator("#id_title").fill(TITLE)
    page.locator("#id_lead").fill("三日ぶりに船が戻った。")
    body = page.locator(".tiptap")
    body.click()
    page.keyboard.type("霧が晴れた。")
    add_figure(page, MediaFile.objects.order_by("pk").first())
    expect(page.locator(".figure-foot")).to_contain_text("出典： 港湾新報 写真部")
    start_paragraph(page)
    add_ruby(page, "艀", "はしけ")
    start_paragraph(page)
    page.locator(".prose-menubar__button[data-name=blockquote]").click()
    page.keyboard.type("待った甲斐があった。")
    start_paragraph(page)
    add_link(page, "霧笛の話", related)
    paste(page, PASTED.read_text().partition(BODY)[0])
    expect(body.locator("#note-1")).to_be_attached()
    start_paragraph(page)
    add_table(page)
    page.locator("#id_category").select_option(str(place.pk))
    choose(page, page.locator(".field-tags"), "霧笛")
    page.locator("#part-sources > summary").click()
    page.locator("#sources-group .add-row a").click()
    page.locator("#id_sources-0-title").fill("運航の記録")
    page.locator("#id_sources-0-url").fill("https://example.jp/log")
    take_suggestion(page, related)
    save(page)


def start_paragraph(page):
    """Go behind all that was written."""
    page.keyboard.press("Control+End")
    page.evaluate(NEXT_FRAME)  # the editor hears of the moved caret
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")


def add_ruby(page, base, reading):
    page.keyboard.type(base)
    page.keyboard.press("Shift+Home")
    page.evaluate(NEXT_FRAME)
    page.locator(".prose-menubar__button[data-name=ruby]").click()
    dialog = page.locator(".prose-editor-dialog")
    dialog.locator("input[name=reading]").fill(reading)
    dialog.locator("button[type=submit]").click()
    expect(page.locator(".tiptap ruby rt")).to_have_text(reading)


def add_link(page, words, article):
    page.keyboard.type(words)
    page.keyboard.press("Shift+Home")
    page.evaluate(NEXT_FRAME)
    page.keyboard.press("Control+K")
    dialog = page.locator(".prose-editor-dialog")
    dialog.locator("input[name=href]").fill(article.get_absolute_url())
    dialog.locator("button[type=submit]").click()
    expect(page.locator(".tiptap a", has_text=words)).to_be_visible()


def add_table(page):
    page.locator(".prose-menubar__button[data-name=table]").first.click()
    dialog = page.locator(".prose-editor-dialog")
    dialog.locator("select").select_option(label="はい")
    dialog.locator("button[type=submit]").click()
    expect(page.locator(".tiptap table")).to_be_visible()
    page.locator(".tiptap table th, .tiptap table td").first.click()
    page.keyboard.type("便")


def paste(page, html):
    start_paragraph(page)
    page.evaluate(COPY, ["text/html", html])
    page.keyboard.press("Control+C")
    page.keyboard.press("Control+V")


def take_suggestion(page, article):
    row = page.locator(f"[data-suggestion='{article.pk}']")
    if not row.is_visible():
        page.locator(".suggestions__ask").click()
    row.locator(".suggestions__add").click()
    expect(page.locator("#related_links-group")).to_contain_text(article.title)


def share(page, article):
    page.goto(address(article, "share"))
    page.get_by_role("button", name="リンクを作る").click()
    return page.locator("#address").input_value()


def look_by_link(page, link, article):
    page.goto(link)
    expect(page.locator("h1")).to_have_text(TITLE)
    expect(page.locator(".draft-bar")).to_be_visible()
    expect(page.locator("#comments form")).to_have_count(0)


def hand_in(page, article):
    page.goto(address(article))
    press_primary(page, "確認に出す")
    expect(page.locator(".messagelist .success")).to_be_visible()
    article.refresh_from_db()
    assert article.status == Article.Status.REVIEW


def press_primary(page, label):
    button = page.locator(".form-head__primary")
    expect(button).to_have_text(label)
    button.click()


def return_with_note(page, article):
    page.goto("/admin/")
    page.get_by_role("link", name=TITLE).first.click()
    page.get_by_role("link", name="差し戻す…").first.click()
    page.locator("[name=note]").fill("便の数を確かめて。")
    page.locator(".question .button--primary").click()
    page.wait_for_url(lambda url: "return" not in url)
    article.refresh_from_db()
    assert article.status == Article.Status.DRAFT


def mend(page, article):
    page.goto("/admin/")
    expect(page.locator("main")).to_contain_text("便の数を確かめて。")
    page.goto(address(article))
    page.locator("#id_lead").fill("三日ぶりに二便が戻った。")
    save(page)


def schedule(page, article):
    page.goto(address(article))
    page.locator("details:has(#id_published_at_0) > summary").click()
    page.locator("#id_published_at_0").fill("2099-01-01")
    page.locator("#id_published_at_1").fill("06:00")
    press_primary(page, "予約する")
    expect(page.locator(".messagelist .success")).to_contain_text("予約")
    article.refresh_from_db()
    assert article.is_scheduled


def publish_now(page, article):
    page.goto(address(article))
    page.locator(".form-head__dots").click()
    page.get_by_role("button", name="今すぐ公開").click()
    expect(page.locator(".messagelist .success")).to_contain_text("公開しました")
    article.refresh_from_db()
    assert article.is_reachable


def correct(page, article):
    page.goto(address(article, "correct"))
    page.locator("[name=text]").fill("便の数を二つと書きましたが、正しくは三つです。")
    page.locator(".question .button--primary").click()
    page.goto(article.get_absolute_url())
    expect(page.locator(".article")).to_contain_text("正しくは三つです。")


def change_address(page, article):
    before = article.get_absolute_url()
    page.goto(address(article))
    page.locator("#id_lead").fill("三日ぶりに三便が戻った。")
    if not page.locator("#id_slug").is_visible():
        page.get_by_text("変える", exact=True).first.click()
    page.locator("#id_slug").fill("boats-are-back")
    page.locator("button[name=_save]").first.click()
    expect(page.locator(".messagelist")).to_contain_text("アドレス")
    page.goto(before)
    assert page.url.endswith("/boats-are-back/")


def compare_and_restore(page, article):
    page.goto(address(article, "history"))
    expect(page.locator(".compare__main .diff__added").first).to_contain_text("三")
    expect(page.locator(".compare__main")).not_to_contain_text("公開日時")
    page.get_by_role("link", name="この版に戻す…").first.click()
    page.get_by_role("button", name="この版に戻す").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    article.refresh_from_db()
    assert article.lead == "三日ぶりに二便が戻った。"
    assert article.slug == "boats-are-back"


def read_as_a_reader(page, article):
    page.goto(article.get_absolute_url())
    body = page.locator(".article__body")
    expect(body.locator("figcaption")).to_contain_text("港湾新報 写真部")
    for part in ("table", "blockquote", "ruby rt", "#note-1", "a[href*='articles/']"):
        expect(body.locator(part).first).to_be_attached()
    expect(page.locator(".article__sources")).to_contain_text("運航の記録")
    expect(page.locator(".article__related")).to_contain_text("灯台の百年")
