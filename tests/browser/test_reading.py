"""Reading an article and its thread."""

import re

import pytest
from playwright.sync_api import expect

from articles.models import ArticleSource, RelatedArticle
from comments.models import Mention
from tests import factories
from tests.browser.variants import BOTH_WAYS


@pytest.fixture
def section():
    return factories.category("地域", slug="local")


@pytest.fixture
def article(section):
    made = factories.article(
        title="港の灯台、百年の明かり",
        slug="lighthouse",
        lead="岬の灯台が百年を迎えた。",
        body="<p>明かりは十五秒に一度回る。</p><h2>灯台守の日誌</h2><p>毎晩の記録が残る。</p>",
        category=section,
    )
    made.tags.add("灯台")
    ArticleSource.objects.create(article=made, title="灯台台帳", url="https://example.org/ledger")
    return made


@pytest.fixture
def neighbour(section, article):
    other = factories.article(title="岬の道、春に開通", slug="road", category=section)
    RelatedArticle.objects.create(article=article, related=other)
    return other


@BOTH_WAYS
def test_from_the_front_page_to_the_end_of_an_article(page, article, neighbour, thread):
    page.goto("/")
    page.get_by_role("link", name=article.title).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(article.title)
    expect(page.locator(".article__lead")).to_have_text(article.lead)
    expect(page.locator(".article__body h2")).to_have_text("灯台守の日誌")
    expect(page.locator(".article__sources")).to_contain_text("灯台台帳")
    expect(page.locator(".article__related")).to_contain_text(neighbour.title)
    expect(page.locator(".article__mentions")).to_have_count(0)  # nobody mentions it
    page.locator(".article__related").get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(neighbour.title)


def test_a_voice_on_the_front_page_leads_to_its_comment(page, article):
    said = factories.scored(
        article, 6, text="灯台の光は子どもの頃から同じです。変わらないでほしい。"
    )
    page.goto("/")
    page.locator(".lead-story .voice").click()
    expect(page).to_have_url(re.compile(rf"#comment-{said.pk}$"))
    expect(page.locator(f"#comment-{said.pk}")).to_be_visible()


@pytest.mark.slow
def test_mentions_stand_below_the_article(page, article):
    Mention.objects.create(
        article=article,
        kind="trackback",
        title="灯台を巡る旅",
        url="https://example.org/trip",
        state="published",
    )
    page.goto(article.get_absolute_url())
    expect(page.locator(".article__mentions").get_by_role("link")).to_have_text("灯台を巡る旅")


def test_a_thread_shows_who_answers_whom(page, branch, thread):
    shown = thread(page).open()
    expect(shown.title).to_contain_text("3")
    for depth, comment in enumerate(branch):
        element = shown.comment(comment)
        expect(element).to_have_attribute("data-depth", str(depth))
        expect(element).to_have_attribute("data-number", str(comment.number))
        expect(element.locator(".comment__body")).to_have_text(comment.text)
        expect(element.locator(".comment__author")).to_have_text("匿名")
        expect(element.locator(".comment__score")).to_be_empty()
        expect(element.locator("time[datetime]").first).to_be_visible()
    first, second, _third = branch
    inside = page.locator("li", has=shown.comment(first)).locator("ol li")
    expect(inside.locator(f"#comment-{second.pk}")).to_have_count(1)


def test_the_number_of_a_comment_is_its_address(page, branch, thread):
    last = branch[-1]
    shown = thread(page).open()
    shown.comment(last).locator('a[rel="bookmark"]').click()
    expect(page).to_have_url(f"{page.url.partition('#')[0]}#comment-{last.pk}")
    expect(shown.comment(last)).to_be_in_viewport()


def test_a_branch_can_be_closed(page, branch, thread):
    first, second, _third = branch
    shown = thread(page).open()
    page.locator("section#comments summary", has_text="2").first.click()
    expect(shown.comment(first)).to_be_visible()
    expect(shown.comment(second)).to_be_hidden()


def test_reading_sets_no_cookie(page, branch, thread):
    page.goto("/")
    thread(page).open()
    assert page.context.cookies() == []


@pytest.mark.slow
def test_nothing_hangs_over_the_edge_of_a_screen(page, article):
    parent = None
    for _level in range(12):
        parent = factories.comment(article, text="とても長い話の続きです。" * 3, parent=parent)
    factories.comment(article, text="w" * 300)
    for address in ("/", article.get_absolute_url()):
        page.goto(address)
        for width in (320, 360, 375, 700, 1040, 1280, 1920):
            page.set_viewport_size({"width": width, "height": 800})
            widest = page.locator("html").evaluate("element => element.scrollWidth")
            assert widest <= width, address


# WCAG 2.2, 1.4.12: what a reader may set. It is in no layer, and under no CSP.
SPACED = """
* { line-height: 1.5; letter-spacing: .12em; word-spacing: .16em }
p { margin-block-end: 2em }
"""
CUT = """(rule) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(rule);
  document.adoptedStyleSheets = [sheet];
  const isCut = (part) =>
    part.checkVisibility() && part.clientHeight > 1 && part.textContent.trim() &&
    getComputedStyle(part).overflowY === "hidden" && part.scrollHeight > part.clientHeight + 1;
  const { scrollWidth, clientWidth } = document.documentElement;
  const cut = [...document.querySelectorAll("body *")].filter(isCut).map((part) => part.className);
  return [scrollWidth - clientWidth, cut];
}"""


@pytest.mark.parametrize("scripts", [True], indirect=True, ids=["scripts"])
def test_spaced_out_text_is_cut_nowhere(page, article, branch):
    page.set_viewport_size({"width": 375, "height": 800})
    for path in ("/", article.get_absolute_url(), branch[0].get_absolute_url()):
        page.goto(path)
        assert page.evaluate(CUT, SPACED) == [0, []], path


def test_a_video_is_loaded_once_its_card_is_pressed(page, scripts):
    address = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
    article = factories.article(body=f'<p><a href="{address}">{address}</a></p>')
    asked = []

    def refuse(route):
        asked.append(route.request.url)
        route.abort()

    page.route("**/*youtube*/**", refuse)
    page.goto(article.get_absolute_url())
    card = page.locator(".embed a")
    expect(card).to_have_attribute("href", address)
    assert asked == []
    if scripts:
        card.click()
        expect(page.locator(".embed iframe")).to_be_visible()
        assert asked == ["https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"]
