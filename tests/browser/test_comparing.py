"""The comparison of two versions in a browser: keys, buttons, versions that are clicked."""

import pytest
from playwright.sync_api import expect

from tests import factories, staff
from tests.articles.admin_forms import address
from tests.articles.test_history_page import save_version


@pytest.fixture
def article():
    article = factories.article(title="港の灯台", body="<p>霧の朝。</p><p>船が出る。</p>")
    save_version(article, None)
    save_version(article, None, title="港の燈台", body="<p>霧の夜。</p><p>船が出る。</p>")
    return save_version(article, None, "題を直した", title="岬の燈台")


@pytest.mark.parametrize("scripts", [True])
def test_keys_lead_from_change_to_change(page, let_in, article):
    let_in(page, staff.editor())
    first, *_others, last = article.history.values_list("pk", flat=True)[::-1]
    page.goto(f"{address(article, 'history')}?old={first}&new={last}")
    current = page.locator(".compare__change[aria-current] .compare__number")
    place = page.locator(".compare__place")
    expect(place).to_have_text("1 / 2")
    page.keyboard.press("j")
    expect(place).to_have_text("2 / 2")
    expect(current).to_have_attribute("href", "#change-2")
    page.keyboard.press("k")
    expect(place).to_have_text("1 / 2")
    page.get_by_role("button", name="次の変更").click()
    expect(place).to_have_text("2 / 2")
    page.locator(".versions__choice").nth(
        2
    ).click()  # the version before the newest, as the old one
    page.wait_for_url(f"**/*old={article.history.all()[1].pk}*")
    expect(page.locator(".compare__change")).to_have_count(1)


@pytest.mark.parametrize("scripts", [False])
def test_versions_are_compared_and_restored_without_scripts(page, let_in, article):
    let_in(page, staff.editor())
    page.set_viewport_size({"width": 375, "height": 812})
    page.goto(address(article, "history"))
    expect(page.locator(".compare__steps")).to_be_hidden()
    page.locator(".versions__row").last.get_by_label("前").check()
    page.get_by_role("button", name="比べる").click()
    page.get_by_role("link", name="この版に戻す").click()
    page.get_by_label("理由").fill("元の題がよい")
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    page.get_by_role("button", name="この版に戻す").click()
    expect(page.locator(".versions__row").first).to_contain_text("元の題がよい")
    article.refresh_from_db()
    assert article.title == "港の灯台"
