"""A moderator adds a word rule, after its hits were shown; on a desk and on a phone."""

import pytest
from playwright.sync_api import expect

from comments.models import WordRule
from tests import factories

SIZES = {"desk": (1280, 800), "phone": (375, 740)}
TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.fixture
def desk(page, article, let_in):
    let_in(page, factories.moderator())
    factories.comment(article, text="港の人に馬＊鹿と言うのはやめてほしい。灯台は町の誇りだ。")
    factories.comment(article, text="火事場の馬鹿力だ。")
    return page


@pytest.mark.parametrize("size", ["desk", pytest.param("phone", marks=pytest.mark.slow)])
def test_a_rule_is_tried_and_switched_on(desk, size):
    width, height = SIZES[size]
    desk.set_viewport_size({"width": width, "height": height})
    desk.goto("/moderation/words/")
    desk.get_by_role("link", name="規則を加える").click()
    desk.get_by_label("語句、または").fill("馬鹿")
    desk.get_by_label("除外する語").fill("馬鹿力")
    desk.get_by_role("button", name="過去90日間の当たりを見る").click()
    expect(desk.locator(".trial__match")).to_have_text(["馬＊鹿"])
    assert desk.get_by_label("当たったときの扱い").bounding_box()["height"] >= 44
    assert not desk.evaluate(TOO_WIDE)
    desk.get_by_role("button", name="有効にして保存").click()
    expect(desk.locator(".rules__item")).to_have_count(1)
    assert WordRule.objects.get().is_on
    assert not desk.evaluate(TOO_WIDE)
    desk.get_by_role("button", name="無効にする").click()
    expect(desk.locator(".rules__state--off")).to_have_count(1)
