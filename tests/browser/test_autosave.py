"""An editor's words outlive a closed tab, Back, a lost network and the end of the login."""

import pytest
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice
from playwright.sync_api import expect

from articles.models import WorkingCopy
from tests import factories, staff
from tests.articles.admin_forms import ADD, address
from tests.browser.waiting import wait_until

SAVED = "書きかけを保存"
PAUSE = 4_000  # ms without typing, after which the script has saved


@pytest.fixture
def scripts():
    return True


@pytest.fixture
def editor():
    return staff.editor()


def state(page):
    return page.locator(".saving__state")


def type_into_body(page, text):
    page.locator(".tiptap p").last.click()
    expect(page.locator(".tiptap")).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.type(text)
    expect(page.locator(".tiptap")).to_contain_text(text)


@pytest.fixture
def page(page):
    """A page in which time passes as usual, but for ``expect_state``."""
    page.context.clock.install()
    return page


def expect_state(page, text):
    """Expect a state of the form that its script shows when nobody has typed for a while."""
    page.context.clock.run_for(PAUSE)
    expect(state(page)).to_contain_text(text)


def open_form(page, article):
    page.goto(address(article))
    expect(page.locator(".tiptap")).to_be_visible()


def save(page):
    page.keyboard.press("Control+s")
    expect(page.locator(".messagelist .success")).to_be_visible()


@pytest.mark.slow
def test_words_outlive_a_closed_tab_and_back(page, let_in, editor):
    article = factories.article(title="港の灯台", body="<p>霧。</p>")
    asked = []
    page.context.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    let_in(page, editor)
    open_form(page, article)
    assert SAVED not in state(page).text_content()
    type_into_body(page, "晴れた。")
    page.locator(".field-tags .select2-search__field").fill("船、")
    page.locator("#part-sources > summary").click()
    page.locator("#sources-group .add-row a").click()
    page.locator("#id_sources-0-title").fill("運航の記録")
    expect_state(page, SAVED)
    wait_until(page, lambda: "運航" in str(WorkingCopy.objects.get().fields))

    second = page.context.new_page()
    open_form(second, article)
    expect(second.locator(".tiptap")).to_have_text("霧。")
    expect(second.locator(".saving__notice[data-page]")).to_contain_text("港の灯台")
    second.close()
    third = page.context.new_page()
    page.close()
    wait_until(third, lambda: not WorkingCopy.objects.open_now().exists())
    open_form(third, article)
    expect(third.locator(".saving__notice--copy")).to_contain_text("まだ保存していません")
    expect(third.locator(".tiptap")).to_have_text("霧。晴れた。")
    expect(third.locator("#id_sources-0-title")).to_have_value("運航の記録")
    expect(third.locator(".field-tags .select2-selection__choice")).to_contain_text("船")

    type_into_body(third, "風もやんだ。")  # and leave at once, before it is saved
    third.locator(".form-head__back").click()
    expect(third.locator(".tiptap")).to_have_count(0)
    third.go_back()
    expect(third.locator(".tiptap")).to_have_text("霧。晴れた。風もやんだ。")
    third.reload()
    expect(third.locator(".tiptap")).to_have_text("霧。晴れた。風もやんだ。")
    save(third)
    article.refresh_from_db()
    assert article.body == "<p>霧。晴れた。風もやんだ。</p>"
    assert (article.sources.get().title, article.tags.get().name) == ("運航の記録", "船")
    assert not WorkingCopy.objects.with_words().exists()
    assert asked == []


@pytest.mark.slow
def test_words_typed_without_a_network_arrive_later(page, let_in, editor, faults):
    article = factories.article(body="<p>霧。</p>")
    let_in(page, editor)
    open_form(page, article)
    page.context.set_offline(True)
    type_into_body(page, "晴れた。")
    expect_state(page, "オフライン")
    page.context.set_offline(False)
    expect_state(page, SAVED)
    page.context.set_offline(True)
    type_into_body(page, "風も。")
    expect_state(page, "オフライン")
    page.keyboard.press("Control+s")
    expect(page.locator(".tiptap")).to_have_text("霧。晴れた。風も。")
    page.close()
    page.context.set_offline(False)
    again = page.context.new_page()
    open_form(again, article)
    expect(again.locator(".tiptap")).to_have_text("霧。晴れた。風も。")
    save(again)
    article.refresh_from_db()
    assert article.body == "<p>霧。晴れた。風も。</p>"
    faults.clear()


def log_in(page):
    dialog = page.locator(".login-dialog")
    expect(dialog).to_be_visible()
    dialog.locator("[type=password]").fill("wrong")
    dialog.locator("[type=submit]").click()
    expect(dialog.locator("[role=alert]")).to_contain_text("パスワード")
    dialog.locator("[type=password]").fill("a good password")
    dialog.locator("[type=submit]").click()
    expect(dialog).to_be_hidden()


@pytest.mark.slow
def test_a_login_that_ended_is_renewed_in_place(page, let_in, editor, faults):
    article = factories.article(body="<p>霧。</p>")
    let_in(page, editor)
    open_form(page, article)
    page.context.clear_cookies()
    type_into_body(page, "晴れた。")
    page.context.clock.run_for(PAUSE)
    log_in(page)
    expect_state(page, SAVED)
    page.context.clear_cookies()
    type_into_body(page, "風も。")
    page.keyboard.press("Control+s")
    expect(page.locator(".login-dialog")).to_be_visible()
    other = page.context.new_page()  # the login may come from another tab
    let_in(other, editor)
    page.bring_to_front()
    page.evaluate("dispatchEvent(new Event('focus'))")
    expect(page.locator(".messagelist .success")).to_be_visible()
    article.refresh_from_db()
    assert article.body == "<p>霧。晴れた。風も。</p>"
    faults.clear()


@pytest.mark.slow
def test_a_new_article_comes_back_after_a_reload(page, let_in, editor):
    let_in(page, editor)
    page.goto(ADD)
    page.locator("#id_title").fill("新しい原稿")
    expect_state(page, SAVED)
    page.reload()
    expect(page.locator("#id_title")).to_have_value("新しい原稿")
    page.goto(ADD)
    expect(page.locator("#id_title")).to_have_value("")
    page.get_by_role("link", name="書きかけを開く").click()
    expect(page.locator("#id_title")).to_have_value("新しい原稿")
    page.get_by_role("button", name="書きかけを捨てる").click()
    expect(page.locator("#id_title")).to_have_value("")
    assert not WorkingCopy.objects.with_words().exists()


@pytest.mark.slow
def test_colleagues_see_each_other(page, visitor, let_in, editor):
    article = factories.article(body="<p>霧。</p>")
    let_in(page, editor)
    open_form(page, article)
    with page.expect_response("**/presence/"):
        page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    theirs = visitor()
    let_in(theirs, staff.member("colleague", "Editor", display_name="早瀬"))
    open_form(theirs, article)
    expect(theirs.locator(".saving__people")).to_contain_text("編集さん")
    theirs.locator("#id_title").fill("同僚の題")
    save(theirs)
    type_into_body(page, "晴れた。")
    page.context.clock.run_for(PAUSE)
    expect(page.locator(".saving__people")).to_contain_text("早瀬さん")
    expect(page.locator("[data-notice=revision]")).to_contain_text("早瀬")


@pytest.mark.slow
def test_a_second_factor_is_asked_for_in_a_tab_of_its_own(page, let_in, editor, faults):
    article = factories.article(body="<p>霧。</p>")
    let_in(page, editor)
    app = TOTPDevice.objects.create(user=editor, name="電話")
    open_form(page, article)
    page.context.clear_cookies()
    type_into_body(page, "晴れた。")
    dialog = page.locator(".login-dialog")
    dialog.locator("[type=password]").fill("a good password")
    dialog.locator("[type=submit]").click()
    with page.expect_popup() as opened:
        dialog.get_by_role("link").click()
    opened.value.locator("[name=code]").fill(f"{TOTP(app.bin_key).token():06d}")
    opened.value.get_by_role("button", name="ログイン").click()
    expect(dialog).to_be_hidden()
    expect_state(page, SAVED)
    faults.clear()
