"""The form of an article: its head and toolbar, and on phones its foot and its sheet."""

import pytest
from playwright.sync_api import expect

from articles.models import Article
from tests import factories, pictures, staff
from tests.articles.admin_forms import ADD, address
from tests.browser.test_autosave import PAUSE, SAVED, open_form, state, type_into_body

PHONE = {"width": 375, "height": 812}


@pytest.fixture
def scripts():
    return True


@pytest.fixture
def draft():
    """A draft that lacks a category and the alternative text of its figure."""
    picture = pictures.in_library(copyright="港湾新報")
    body = f'<p>霧。</p><figure><img data-file="{picture.pk}"><figcaption>船</figcaption></figure>'
    fields = {"status": "draft", "published_at": None, "category": None}
    return factories.article(title="港の灯台", lead="霧の朝。", body=body, **fields)


def is_sideways(page):
    wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    return page.evaluate(wider) > 0


@pytest.mark.slow
def test_a_phone_has_the_verb_at_the_foot_and_the_rest_in_a_sheet(page, let_in, draft):
    page.set_viewport_size(PHONE)
    let_in(page, staff.editor())
    open_form(page, draft)
    assert not is_sideways(page)
    verb = page.locator(".form-head__primary")
    box = verb.bounding_box()
    assert box["height"] >= 44 and box["y"] + box["height"] <= PHONE["height"]
    side, opener = page.locator(".form-side"), page.locator(".form-foot__checklist")
    expect(side).to_be_hidden()
    expect(opener).to_contain_text("あと2")

    opener.click()
    expect(side).to_be_visible()
    page.get_by_text("代替テキスト", exact=False).and_(page.locator(".checklist__missing")).click()
    expect(side).to_be_hidden()
    expect(page.locator(".tiptap figure")).to_be_in_viewport()
    opener.click()
    page.locator(".checklist__missing", has_text="分野").click()
    expect(page.locator("#id_category")).to_be_focused()
    expect(page.locator(".form-tabs__tab[aria-expanded=true]")).to_have_text("掲載先")
    page.keyboard.press("Escape")
    expect(side).to_be_hidden()

    verb.click()  # it is never disabled: it says what is missing and leads there
    errors = page.locator(".form-errors")
    expect(errors).to_be_focused()
    errors.get_by_role("link", name="分野").click()
    expect(page.locator("#id_category")).to_be_focused()
    assert Article.objects.get().status == "draft"


def test_the_checklist_follows_what_is_typed(page, let_in):
    factories.category("港")
    page.context.clock.install()
    page.set_viewport_size(PHONE)
    let_in(page, staff.editor())
    page.goto(ADD)
    foot, points = page.locator(".form-foot__checklist"), page.locator(".checklist__missing")
    expect(foot).to_have_text("公開まで あと4")
    title = page.locator("#id_title")
    page.route("**/checklist/", lambda route: route.fulfill(status=409, body="<p>?</p>"))
    title.press_sequentially("港の")
    page.context.clock.run_for(PAUSE)
    expect(state(page)).to_contain_text(SAVED)  # without an answer the list stays as it is
    expect(foot).to_have_text("公開まで あと4")
    page.unroute("**/checklist/")
    title.press_sequentially("灯台")
    page.context.clock.run_for(PAUSE)
    expect(foot).to_have_text("公開まで あと3")
    expect(points).to_have_count(3)
    expect(page.locator("[data-checklist-said]")).to_have_text("公開まで あと3")
    expect(title).to_be_focused()

    foot.click()
    tab = page.locator(".form-tabs__tab[aria-controls=checklist]")
    expect(tab).to_have_text("公開まで 3")
    page.locator("#checklist .form-help summary").click()
    points.filter(has_text="リード").focus()
    page.locator("#id_category").evaluate(
        """field => {
          field.value = field.options[1].value;
          field.dispatchEvent(new Event("input", { bubbles: true }));
        }"""
    )
    page.context.clock.run_for(PAUSE)
    expect(tab).to_have_text("公開まで 2")
    expect(points.filter(has_text="リード")).to_be_focused()
    expect(page.locator("#checklist .form-help__text")).to_be_visible()
    assert not Article.objects.exists()


@pytest.mark.slow
def test_a_desk_keeps_the_head_and_the_toolbar_in_sight(page, let_in):
    body = "<p>霧の朝。</p>" * 60
    article = factories.article(title="港の灯台", body=body)
    let_in(page, staff.editor())
    open_form(page, article)
    expect(page.locator(".form-head--ahead")).to_have_count(0)
    page.locator(".tiptap p").last.scroll_into_view_if_needed()
    head, toolbar = page.locator(".form-head"), page.locator(".prose-menubar")
    expect(head).to_be_in_viewport(ratio=1)
    expect(toolbar).to_be_in_viewport(ratio=1)
    assert toolbar.bounding_box()["y"] >= head.bounding_box()["y"] + 50

    type_into_body(page, "晴れた。")  # readers do not see it: the head says so
    expect(state(page)).to_contain_text(SAVED)
    expect(page.locator(".form-head--ahead")).to_be_visible()
    expect(page.locator(".saving__notice--ahead a")).to_have_text("公開中の版との違い")
    menu = page.locator(".form-head__dots")
    menu.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".form-menu__item", has_text="保存して続ける")).to_be_visible()
    page.keyboard.press("Escape")
    expect(menu).to_be_focused()


def test_enter_in_a_field_saves_nothing_and_a_date_changes_the_verb(page, let_in):
    let_in(page, staff.editor())
    page.goto(ADD)
    page.locator("#id_title").fill("港の灯台")
    page.keyboard.press("Enter")
    expect(page.locator("#id_lead")).to_be_focused()
    expect(page.locator(".form-main__length").first).to_have_text("4字")
    page.locator(".form-part--folded > summary", has_text="公開").click()
    verb = page.locator(".form-head__primary")
    expect(verb).to_have_text("公開する")
    page.locator("#id_published_at_0").fill("2099-01-02")
    expect(verb).to_have_text("予約する")
    page.locator("#id_published_at_0").press("Enter")
    assert page.url.endswith(ADD) and not Article.objects.exists()


@pytest.mark.slow
@pytest.mark.parametrize("scripts", [False])
def test_without_scripts_all_is_there(page, let_in, draft):
    page.set_viewport_size(PHONE)
    let_in(page, staff.editor())
    page.goto(address(draft))
    for part in ("#id_title", "#id_lead", "#id_body", "#id_category", "#checklist"):
        expect(page.locator(part)).to_be_visible()
    assert not is_sideways(page)
    page.locator("#id_title").fill("港の古い灯台")
    page.locator(".form-head__dots").click()
    page.locator(".form-menu [name=_continue]").click()
    expect(page.locator("#id_title")).to_have_value("港の古い灯台")
    draft.refresh_from_db()
    assert draft.title == "港の古い灯台"
