"""A moderator finds comments, removes many at once, undoes it, and bans a reader."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from comments.models import Comment, Measure, ModerationAction
from tests import factories

SPAM = "今だけ限定、高額の報酬をお約束します。興味のある方は下の番号まで。"


@pytest.fixture
def desk(page, let_in):
    let_in(page, factories.moderator())
    return page


@pytest.fixture
def spam(article):
    for number in range(6):
        reader = factories.reader(f"r{number % 2}", network=f"n{number}")
        factories.comment(article, text=f"{SPAM}{number}", reader=reader)
    return Comment.objects.order_by("pk").first()


@pytest.mark.slow
def test_all_that_are_nearly_the_same_and_back(desk, article, spam):
    innocent = factories.comment(article, text="灯台の話に戻りましょう。")
    desk.goto(f"/moderation/comments/{spam.pk}/same/")
    desk.get_by_role("button", name="全部6件を削除…").click()
    desk.get_by_role("button", name="6件を削除").click()
    expect(desk.get_by_role("status")).to_contain_text("6件")
    assert Comment.objects.published().get() == innocent
    with desk.expect_navigation():
        desk.get_by_role("button", name="取り消す").click()
    assert Comment.objects.published().count() == 7


def test_the_chosen_of_a_search(desk, article, spam, scripts):
    desk.goto("/moderation/search/?q=高額の報酬")
    boxes = desk.get_by_role("checkbox", name="コメント")
    expect(boxes).to_have_count(6)
    if scripts:
        desk.get_by_label("すべて選ぶ").check()
        expect(desk.get_by_text("選択 6")).to_be_visible()
        boxes.first.uncheck()
        expect(desk.get_by_text("選択 5")).to_be_visible()
        desk.get_by_label("すべて選ぶ").uncheck()
        desk.get_by_label("すべて選ぶ").check()
        boxes.first.uncheck()
    else:
        expect(desk.get_by_label("すべて選ぶ")).to_be_hidden()
        for number in range(1, 6):
            boxes.nth(number).check()
    desk.get_by_role("button", name="スパム…").click()
    expect(desk.get_by_label("理由")).to_have_value("spam")
    desk.get_by_role("button", name="5件を削除").click()
    expect(desk.get_by_role("status")).to_contain_text("5件")
    assert ModerationAction.objects.get().size == 5


@pytest.mark.slow
def test_the_queue_says_how_many_are_nearly_the_same(desk, spam):
    spam.hold(by=None, actor="site")
    desk.goto("/moderation/")
    desk.get_by_role("link", name="ほぼ同じもの5件（1記事、5網）").click()
    expect(desk.get_by_role("checkbox", name="コメント")).to_have_count(6)


@pytest.mark.slow
def test_a_ban_asks_first(desk, spam):
    desk.goto(f"/moderation/comments/{spam.pk}/writer/")
    desk.get_by_text("30日", exact=True).click()
    desk.get_by_label("理由（本人に見えます）").select_option("spam")
    desk.get_by_role("button", name="停止…").click()
    desk.get_by_role("button", name="30日停止する").click()
    expect(desk.get_by_text("この読者は停止中")).to_be_visible()
    assert Measure.objects.get().reader_hash == spam.reader_hash


class TestPages:
    @pytest.fixture
    def scripts(self):
        return True

    @pytest.fixture
    def paths(self, spam):
        spam.hold(by=None, actor="site")
        return [
            f"/moderation/comments/{spam.pk}/writer/",
            f"/moderation/comments/{spam.pk}/same/",
            "/moderation/search/?q=高額の報酬",
        ]

    @pytest.mark.slow
    def test_none_is_wider_than_its_window(self, desk, paths):
        wide = []
        for path in paths:
            desk.goto(path)
            for width in (320, 375, 700, 1040, 1280):
                desk.set_viewport_size({"width": width, "height": 800})
                if desk.evaluate("document.documentElement.scrollWidth") > width:
                    wide.append((path, width))
        assert wide == []

    @pytest.mark.slow
    def test_axe_finds_nothing(self, new_context, let_in, paths):
        # axe sets styles of its own, which the policy of the site would not let it.
        page = new_context(bypass_csp=True, reduced_motion="reduce").new_page()
        let_in(page, factories.moderator())
        for path in paths:
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                page.goto(path)
                results = Axe().run(page)
                assert results.violations_count == 0, results.generate_report()
