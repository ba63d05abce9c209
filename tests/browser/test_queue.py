"""The moderators' queue in a browser: by keys, by touch, without scripts, and by two at once."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from comments.models import Comment, ModerationAction
from tests import factories
from tests.browser.waiting import HeldRequest, wait_until

QUEUE = "/moderation/"
PHONE = {"viewport": {"width": 375, "height": 740}, "has_touch": True, "is_mobile": True}


def fill(article, count):
    """Let comments wait; the oldest comes first."""
    return [
        factories.comment(article, text=f"待つ {number}", state="held") for number in range(count)
    ]


def count_held():
    return Comment.objects.held().count()


def open_queue(page, let_in, name="moderator", path=QUEUE):
    user = factories.moderator(name)
    let_in(page, user)
    page.goto(path)
    return user


def reads(page, text):
    expect(page.locator(".case__text")).to_have_text(text)


def press(page, key, then):
    """Press a key, and wait for the next entry."""
    page.keyboard.press(key)
    reads(page, then)


class TestWithScripts:
    @pytest.fixture
    def scripts(self):
        return True

    @pytest.mark.slow
    def test_a_queue_of_thirty_is_cleared_by_keys(self, page, article, let_in):
        comments = fill(article, 30)
        page.set_viewport_size({"width": 1280, "height": 800})
        open_queue(page, let_in)
        page.evaluate("window.stays = true")
        for number, comment in enumerate(comments):
            reads(page, comment.text)
            if number % 3 == 1:
                page.keyboard.press("2")
                page.keyboard.press("r")
            else:
                page.keyboard.press("as"[number % 3 == 2])
        expect(page.locator(".queue__empty")).to_be_visible()
        wait_until(page, lambda: not count_held())
        states = Comment.objects.order_by("number").values_list("state", "reason")
        assert list(states)[:3] == [("published", ""), ("removed", "abuse"), ("removed", "spam")]
        assert ModerationAction.objects.count() == 30
        expect(page.locator(".desk__count")).to_have_text("0")
        assert page.evaluate("window.stays")

    @pytest.mark.slow
    def test_a_queue_of_thirty_is_cleared_by_touch(self, new_context, article, let_in, site):
        comments = fill(article, 30)
        page = new_context(**PHONE).new_page()
        open_queue(page, let_in)
        for number, comment in enumerate(comments):
            reads(page, comment.text)
            foot = page.locator(".verdict")
            if number % 3 == 1:
                foot.locator(".verdict__open--reasons > summary").tap()
                foot.get_by_text("個人情報", exact=True).last.tap()
                foot.get_by_role("button", name="削除").tap()
            else:
                foot.get_by_role("button", name=("承認", "スパム")[number % 3 == 2]).tap()
        expect(page.locator(".queue__empty")).to_be_visible()
        wait_until(page, lambda: not count_held())
        assert Comment.objects.filter(reason="privacy").count() == 10

    @pytest.mark.slow
    def test_every_target_of_a_phone_is_large(self, new_context, article, let_in, site):
        fill(article, 3)
        page = new_context(**PHONE).new_page()
        open_queue(page, let_in)
        for path in (QUEUE, f"{QUEUE}?view=list"):
            page.goto(path)
            assert page.evaluate("document.scrollingElement.scrollWidth") == 375
            small = page.evaluate(
                """[...document.querySelectorAll("a, button, summary, label:has(input)")]
                .filter((part) => part.checkVisibility() && !part.matches(".skip, .list__link"))
                .map((part) => [part.textContent.trim(), part.getBoundingClientRect()])
                .filter(([, box]) => box.height && (box.height < 43.5 || box.width < 43.5))
                .map(([text, box]) => [text, box.width, box.height])"""
            )
            assert small == []

    def test_the_whole_verdict_is_in_sight(self, page, article, let_in):
        [comment] = fill(article, 1)
        Comment.objects.filter(pk=comment.pk).update(text="長い話。\n" * 200)
        page.set_viewport_size({"width": 1280, "height": 800})
        open_queue(page, let_in)
        assert page.evaluate("document.scrollingElement.scrollHeight") == 800
        for name in ("承認", "保留を続ける", "削除", "スパム"):
            expect(page.get_by_role("button", name=name)).to_be_in_viewport(ratio=1)

    @pytest.mark.slow
    def test_keys_do_nothing_in_a_field_or_with_a_modifier(self, page, article, let_in):
        first, _second = fill(article, 2)
        open_queue(page, let_in)
        page.keyboard.press("t")
        note = page.locator("[name=note]")
        expect(note).to_be_focused()
        page.keyboard.type("arshn1")
        page.keyboard.press("Enter")
        expect(note).to_have_value("arshn1")
        page.keyboard.press("Escape")
        page.keyboard.press("Control+a")
        reads(page, first.text)
        assert count_held() == 2
        page.keyboard.press("?")
        expect(page.locator("#keys")).to_be_visible()
        page.keyboard.press("a")
        page.keyboard.press("Escape")
        assert count_held() == 2

    @pytest.mark.slow
    def test_a_double_press_decides_about_one_entry(self, page, article, let_in):
        _first, second, third = fill(article, 3)
        open_queue(page, let_in)
        page.keyboard.press("a")
        page.keyboard.press("a")
        reads(page, second.text)
        expect(page.locator(".list__row")).to_have_count(2)
        page.locator(".verdict__verb", has_text="承認").dblclick()
        reads(page, third.text)
        expect(page.locator(".list__row")).to_have_count(1)
        expect(page.locator(".desk-header__waiting")).to_contain_text("1")
        assert count_held() == 1

    @pytest.mark.slow
    def test_the_branch_keeps_what_was_typed_and_the_place(self, page, article, let_in):
        _first, second, third = fill(article, 3)
        open_queue(page, let_in)
        press(page, "n", then=second.text)
        page.keyboard.press("t")
        page.keyboard.type("同じ人です")
        page.keyboard.press("Escape")
        page.keyboard.press("2")
        page.keyboard.press("b")
        expect(page.locator("[name=note]")).to_have_value("同じ人です")
        expect(page.locator("[name=reason][value=abuse]")).to_be_checked()
        page.get_by_role("link", name="戻る").click()
        reads(page, second.text)
        page.keyboard.press("2")
        page.keyboard.press("b")
        page.get_by_role("button", name="1件を削除").click()
        reads(page, third.text)
        assert Comment.objects.removed().get() == second

    @pytest.mark.slow
    def test_a_decision_is_undone_by_a_key(self, page, article, let_in):
        first, second = fill(article, 2)
        open_queue(page, let_in)
        press(page, "a", then=second.text)
        expect(page.locator(".last")).to_contain_text("承認")
        press(page, "u", then=first.text)
        wait_until(page, lambda: count_held() == 2)
        expect(page.locator(".last")).to_contain_text("元に戻しました")
        expect(page.locator(".list__row")).to_have_count(2)

    @pytest.mark.slow
    def test_the_key_asks_before_it_undoes_what_an_earlier_page_decided(
        self, page, article, let_in
    ):
        first, second = fill(article, 2)
        open_queue(page, let_in)
        press(page, "a", then=second.text)
        wait_until(page, lambda: count_held() == 1)
        page.reload()
        page.keyboard.press("u")
        ask = page.locator("#ask-undo")
        expect(ask).to_contain_text(first.text)
        ask.get_by_role("button", name="キャンセル").click()
        assert count_held() == 1
        page.keyboard.press("u")
        page.keyboard.press("Enter")
        reads(page, first.text)
        assert count_held() == 2

    @pytest.mark.slow
    @pytest.mark.once
    def test_a_question_undoes_only_the_decision_that_it_names(self, page, article, let_in):
        first, second, third = fill(article, 3)
        open_queue(page, let_in)
        press(page, "a", then=second.text)
        expect(page.locator(".list__row")).to_have_count(2)
        page.reload()
        held = HeldRequest(page, "**/approve/inline/")
        press(page, "a", then=third.text)
        page.keyboard.press("u")
        ask = page.locator("#ask-undo")
        expect(ask).to_contain_text(first.text)
        held.let_go()
        expect(page.locator(".last")).to_contain_text(second.text)
        page.unroute_all()
        ask.get_by_role("button", name="元に戻す").click()
        expect(ask).to_be_hidden()
        page.keyboard.press("a")  # sent after an undo, if there was one
        expect(page.locator(".last")).to_contain_text(third.text)
        assert count_held() == 0

    @pytest.mark.slow
    @pytest.mark.once
    def test_an_answer_leaves_an_open_menu_and_the_scrolled_tabs(
        self, new_context, article, let_in
    ):
        _first, second, third = fill(article, 3)
        page = new_context(**PHONE).new_page()
        open_queue(page, let_in)
        tabs = page.locator(".desk__head .desk__tabs")
        tabs.evaluate("row => { row.scrollLeft = 40 }")
        press(page, "a", then=second.text)
        expect(page.locator(".desk__count")).to_have_text("2")
        assert tabs.evaluate("row => row.scrollLeft") == 40
        held = HeldRequest(page, "**/inline/")
        press(page, "s", then=third.text)
        page.locator(".desk-menu > summary").click()
        held.let_go()
        expect(page.locator(".desk__count")).to_have_text("1")
        expect(page.locator(".desk-menu")).to_have_attribute("open", "")

    @pytest.mark.slow
    def test_the_entry_of_an_address_is_in_sight_and_has_the_focus(self, page, article, let_in):
        comments = fill(article, 30)
        page.set_viewport_size({"width": 1280, "height": 800})
        open_queue(page, let_in, path=f"{QUEUE}?entry={comments[-1].pk}")
        expect(page.locator(".list__row--open")).to_be_in_viewport(ratio=1)
        expect(page.locator("#case")).to_be_focused()

    def test_a_removal_asks_for_its_reason_first(self, page, article, let_in):
        fill(article, 2)
        open_queue(page, let_in)
        page.keyboard.press("r")
        expect(page.locator(".meanwhile")).to_contain_text("理由を選んでください")
        expect(page.locator(".case__text")).to_be_in_viewport(ratio=1)
        assert count_held() == 2
        page.keyboard.press("2")
        expect(page.locator(".meanwhile")).to_have_count(0)

    @pytest.mark.slow
    def test_the_second_of_two_moderators_is_told(self, visitor, article, let_in):
        first, second = fill(article, 2)
        mine, theirs = visitor(), visitor()
        open_queue(mine, let_in, "梶")
        open_queue(theirs, let_in, "三澄")
        reads(mine, first.text)
        theirs.keyboard.press("4")
        press(theirs, "r", then=second.text)
        expect(theirs.locator(".last")).to_contain_text("個人情報")
        mine.keyboard.press("t")
        mine.keyboard.type("よい")
        mine.keyboard.press("Escape")
        mine.keyboard.press("a")
        told = mine.locator(".meanwhile")
        expect(told).to_contain_text("個人情報")
        reads(mine, first.text)
        expect(mine.locator("[name=note]")).to_have_value("よい")
        expect(mine.get_by_role("button", name="承認")).to_be_disabled()
        assert Comment.objects.removed().get() == first
        mine.keyboard.press("Enter")
        expect(told).to_have_count(0)
        expect(mine.locator(".case__state")).to_contain_text("個人情報")
        press(mine, "n", then=second.text)

    @pytest.mark.slow
    def test_who_has_an_entry_open_is_shown_until_the_tab_closes(self, visitor, article, let_in):
        fill(article, 2)
        mine, theirs = visitor(), visitor()
        with mine.expect_response("**/moderation/claims/"):
            open_queue(mine, let_in, "梶")
        open_queue(theirs, let_in, "三澄")
        expect(theirs.locator(".list__claim").first).to_have_text("司会")
        mine.goto("/")
        wait_until(theirs, lambda: "司会" not in theirs.goto(QUEUE).text().split("list__rows")[1])

    def test_several_are_chosen_and_removed_at_once(self, page, article, let_in):
        fill(article, 3)
        open_queue(page, let_in)
        for box in page.locator(".list__check").all()[:2]:
            box.click()
        page.get_by_role("button", name="削除…").click()
        page.get_by_text("差別").click()
        page.get_by_role("button", name="2件を削除").click()
        expect(page.locator(".last")).to_contain_text("2件")
        assert Comment.objects.removed().count() == 2

    @pytest.mark.slow
    def test_axe_finds_nothing(self, new_context, article, let_in):
        comments = fill(article, 3)
        branch = f"/moderation/branches/{comments[0].pk}/"
        page = new_context(bypass_csp=True, reduced_motion="reduce").new_page()
        open_queue(page, let_in)
        found = {}
        for path in (QUEUE, f"{QUEUE}?view=list", "/moderation/log/", branch):
            page.goto(path)
            for width in (375, 1280):
                page.set_viewport_size({"width": width, "height": 800})
                for scheme in ("light", "dark"):
                    page.emulate_media(color_scheme=scheme)
                    results = Axe().run(page)
                    if results.violations_count:
                        found[path, width, scheme] = results.generate_report()
        assert found == {}


class TestWithoutScripts:
    @pytest.fixture
    def scripts(self):
        return False

    def test_entries_are_decided(self, page, article, let_in):
        comments = fill(article, 4)
        open_queue(page, let_in)
        for number, comment in enumerate(comments):
            reads(page, comment.text)
            if number % 2:
                page.locator(".verdict__reason", has_text="差別").click()
            with page.expect_navigation():
                page.get_by_role("button", name=("承認", "削除")[number % 2], exact=True).click()
        expect(page.locator(".queue__empty")).to_be_visible()
        assert Comment.objects.filter(reason="hate").count() == 2
        page.get_by_role("button", name="元に戻す").click()
        reads(page, comments[-1].text)

    @pytest.mark.slow
    def test_plain_enter_in_the_note_does_nothing(self, page, article, let_in):
        fill(article, 1)
        open_queue(page, let_in)
        page.locator(".verdict__memo").click()
        page.locator("[name=note]").fill("まだ")
        page.locator("[name=note]").press("Enter")
        expect(page.locator("[name=note]")).to_have_value("まだ")
        assert count_held() == 1
