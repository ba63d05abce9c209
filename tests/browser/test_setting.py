"""How Chromium sets text, forms and paper; tests/engines says the same of the others."""

import pytest
from playwright.sync_api import expect

from comments.models import Comment
from tests import factories
from tests.browser.waiting import wait_until
from tests.setting import (
    FIND_PRINTED_ICONS,
    MEASURE_LINES,
    SENTENCES,
    expect_full_lines,
    expect_no_heading_alone,
    write_body,
    write_chapters,
)

pytestmark = pytest.mark.parametrize("scripts", [True], indirect=True, ids=["scripts"])

PHONE = {"width": 375, "height": 700}
MEASURED = ".prose > p, .comment__body > p"


def test_lines_of_articles_and_comments_are_full(page, article):
    article.body = write_body()
    article.save()
    factories.comment(article, text="".join(SENTENCES * 2))
    page.set_viewport_size(PHONE)
    page.goto(article.get_absolute_url())
    expect(page.locator(".comment__body > p")).to_be_visible()
    measure = f"function measure() {{ {MEASURE_LINES} }}"
    shares = page.evaluate(f"(selector) => {{ {measure} return measure(selector); }}", MEASURED)
    expect_full_lines(shares)


@pytest.mark.parametrize("size", [PHONE, {"width": 1280, "height": 800}], ids=["375", "1280"])
def test_a_form_that_opens_at_the_lower_edge_is_in_sight_whole(page, article, thread, size):
    comments = [factories.comment(article, text=f"灯台の光が好きです。{n}") for n in range(9)]
    page.set_viewport_size(size)
    shown = thread(page).open()
    link = shown.comment(comments[5]).get_by_role("link", name="返信")
    link.evaluate("(link) => link.scrollIntoView({ block: 'end' })")
    link.evaluate("(link) => link.click()")
    form = page.locator("li > form.form")
    expect(form.get_by_role("textbox", name="コメント")).to_be_focused()
    expect(form).to_be_in_viewport(ratio=1)


def test_trees_below_the_screen_wait_and_clip_no_menu_of_theirs(page, article, thread):
    page.set_viewport_size(PHONE)
    comments = [factories.comment(article, text="灯台の光。\n" * 9) for _n in range(9)]
    shown = thread(page).open()
    sizes = "(roots) => roots.map((root) => root.checkVisibility({ contentVisibilityAuto: true }))"
    laid_out = page.locator(".thread__root > .comment").evaluate_all(sizes)
    assert laid_out[-1] is False
    shown.comment(comments[1]).locator(".menu__button").click()
    box = shown.comment(comments[1]).locator(".menu__box")
    expect(box).to_be_visible()
    tree = page.locator(".thread__root", has=box)
    expect(tree).to_have_css("content-visibility", "visible")


def test_what_was_on_its_way_when_the_page_was_left_stands_in_no_form_again(page, article, thread):
    page.set_viewport_size(PHONE)
    shown = thread(page).open()
    form = page.locator("#write form")
    form.get_by_role("textbox", name="コメント").fill("途中で離れた。")
    lost = []

    def lose_answer(route):
        lost.append(route.fetch().status)
        route.abort()

    page.route("**/comments/inline/", lose_answer)
    form.get_by_role("button", name="投稿する").click()
    wait_until(page, lambda: lost)
    expect(shown.saying("途中で離れた。")).to_be_visible()
    expect(form.get_by_role("textbox", name="コメント")).to_have_value("")
    assert Comment.objects.count() == 1


@pytest.mark.slow
def test_on_paper_no_heading_stands_alone_and_no_icon(page, article):
    article.body = write_chapters()
    article.save()
    page.goto(article.get_absolute_url())
    count, icons = page.evaluate(f"() => {{{FIND_PRINTED_ICONS}}}")
    assert count and icons == []
    expect_no_heading_alone(page.pdf(format="A4"))
