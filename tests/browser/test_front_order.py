"""The order of the front page: rows move by keys, by the mouse and by a finger."""

import pytest
from playwright.sync_api import expect

from articles.models import FrontPage, FrontPin
from tests import factories, staff

PAGE = "/admin/articles/article/front/"


@pytest.fixture
def scripts():
    return True


def list_pins():
    return [pin.article.title for pin in FrontPin.objects.select_related("article")]


def test_rows_move_by_keys_and_by_dragging(page, let_in):
    articles = [factories.article(title=title) for title in ("甲", "乙", "丙")]
    FrontPage.arrange([(article.pk, None) for article in articles], by=None, seen=0)
    let_in(page, staff.editor())
    page.goto(PAGE)
    page.get_by_role("button", name="下へ: 甲").focus()
    page.keyboard.press("Enter")
    titles = page.locator(".front__title")
    expect(titles).to_have_text(["乙", "甲", "丙"])
    expect(page.get_by_role("button", name="下へ: 甲")).to_be_focused()
    page.locator(".front__grip").nth(2).hover()
    page.mouse.down()
    page.locator(".front__grip").nth(0).hover(position={"x": 5, "y": 2})
    page.mouse.up()
    expect(titles).to_have_text(["丙", "乙", "甲"])
    expect(page.locator("[data-position]").nth(0)).to_have_value("1")
    page.get_by_role("button", name="保存する").click()
    expect(page.get_by_role("status")).to_contain_text("保存しました")
    assert list_pins() == ["丙", "乙", "甲"]
