"""Two editors save the same article: the page on which one chooses, piece by piece."""

import pytest
from playwright.sync_api import expect

from tests import factories, staff
from tests.articles.admin_forms import address
from tests.browser.test_autosave import open_form, save, type_into_body


@pytest.fixture
def scripts():
    return True


@pytest.mark.slow
def test_two_editors_end_with_both_their_words(page, visitor, let_in):
    article = factories.article(title="港の灯台", body="<p>霧の朝。</p><p>船が出る。</p>")
    let_in(page, staff.editor())
    theirs = visitor()
    let_in(theirs, staff.member("colleague", "Editor", display_name="早瀬"))
    open_form(page, article)
    open_form(theirs, article)
    theirs.locator("#id_title").fill("相手の題")
    type_into_body(theirs, "夕方には戻る。")
    save(theirs)

    page.locator("#id_title").fill("わたしの題")
    type_into_body(page, "昼には着く。")
    page.locator("button[name=_save]").click()
    button = page.locator(".merge__save")
    expect(button).to_have_text("次を選ぶ　あと2")
    title, body = page.locator(".merge__conflict").all()
    expect(body.locator(".diff__added")).to_contain_text(["昼には着く。", "夕方には戻る。"])
    button.click()
    page.keyboard.press("Space")
    expect(title.get_by_label("自分の")).to_be_checked()
    body.get_by_label("両方").check()
    expect(button).to_have_text("保存する")
    with page.expect_popup() as opened:
        page.get_by_role("button", name="選んだ形を見る").click()
    with opened.value as preview:
        page_in_frame = preview.frame_locator(".preview__frame")
        expect(page_in_frame.locator("h1")).to_have_text("わたしの題")
    button.click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    article.refresh_from_db()
    assert article.title == "わたしの題"
    assert (
        article.body
        == "<p>霧の朝。</p><p>船が出る。昼には着く。</p><p>船が出る。夕方には戻る。</p>"
    )
    page.goto(address(article))
    expect(page.locator(".saving__notice:visible")).to_have_count(0)
