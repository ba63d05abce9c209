"""The pages of the admin: what axe says of them, how wide they are, and the bar of verbs."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from articles.models import FrontPage, ShareLink
from tests import factories, pictures, staff

COLOURS = ["color-contrast", "link-in-text-block"]  # all that differs in the dark
SERIOUS = {"serious", "critical"}
LIST = "/admin/articles/article/"
NARROW = ("desk", "articles", "articles found", "preview", "share links", "front page")


@pytest.fixture
def paths(let_in):
    """The addresses of the pages, by name, of a site with some of everything."""
    category = factories.category("交通", parent=factories.category("国内"))
    writer, picture = staff.writer(), pictures.in_library(image_alt_text="灯台")
    fields = {"author": writer, "category": category, "lead_image": picture}
    article = factories.article(title="港の灯台、百年の明かり", **fields)
    article.tags.add("灯台", "港")
    factories.article(title="確認を待つ記事", status="review", **fields)
    draft = factories.article(title="下書きの記事", status="draft", published_at=None, **fields)
    FrontPage.arrange([(article.pk, None), (draft.pk, None)], by=writer, seen=0)
    ShareLink.objects.make(draft, by=writer, days=7)
    factories.article(title="取り下げた記事", status="withdrawn")
    factories.comment(article, text="待つ声", state="held", reason="check")
    factories.comment(article, text="届いた声").reports.create(reason="spam")
    return {
        "desk": "/admin/",
        "articles": LIST,
        "articles found": f"{LIST}?q=灯台&state=public",
        "article": f"{LIST}{article.pk}/change/",
        "new article": f"{LIST}add/",
        "history": f"{LIST}{article.pk}/history/",
        "older version": f"{LIST}{article.pk}/history/{article.history.last().pk}/",
        "preview": f"{LIST}{draft.pk}/preview/",
        "share links": f"{LIST}{draft.pk}/share/",
        "front page": f"{LIST}front/",
        "bylines": "/admin/articles/byline/",
        "byline": "/admin/articles/byline/add/",
        "series": "/admin/articles/series/add/",
        "assignment": f"{LIST}{draft.pk}/assign/",
        "correction": f"{LIST}{article.pk}/correct/",
        "mail": "/admin/notices/",
        "categories": "/admin/articles/category/",
        "category": f"/admin/articles/category/{category.pk}/change/",
        "pictures": "/admin/articles/mediafile/",
        "picture": f"/admin/articles/mediafile/{picture.pk}/change/",
        "redirects": "/admin/articles/redirect/",
        "redirect": "/admin/articles/redirect/add/",
        "tags": "/admin/taggit/tag/",
        "comments": "/admin/comments/comment/",
        "users": "/admin/newsroom/user/",
        "password": "/admin/password_change/",
    }


@pytest.fixture
def boss():
    return factories.user("boss", is_staff=True, is_superuser=True)


@pytest.mark.slow
@pytest.mark.parametrize("scripts", [True])
def test_axe_finds_nothing_serious(new_context, let_in, boss, paths):
    # axe sets styles of its own, which the policy of the site would not let it.
    page = new_context(bypass_csp=True, reduced_motion="reduce").new_page()
    let_in(page, boss)
    found = {}
    for name, path in paths.items():
        page.goto(path)
        for scheme, options in (("light", {}), ("dark", {"runOnly": COLOURS})):
            page.emulate_media(color_scheme=scheme)
            violations = Axe().run(page, options=options).response["violations"]
            serious = [
                (each["id"], each["nodes"][0]["html"][:160])
                for each in violations
                if each["impact"] in SERIOUS
            ]
            if serious:
                found[name, scheme] = serious
    assert found == {}


@pytest.mark.slow
def test_the_desk_and_the_list_are_no_wider_than_a_phone(page, let_in, boss, paths):
    let_in(page, boss)
    wide = []
    for width in (320, 375, 700, 1040):
        page.set_viewport_size({"width": width, "height": 800})
        for name in NARROW:
            page.goto(paths[name])
            if page.evaluate("document.scrollingElement.scrollWidth") > width:
                wide.append((name, width))
    assert wide == []


def test_the_verbs_come_once_something_is_chosen(page, let_in, boss, paths):
    let_in(page, boss)
    page.goto(paths["articles"])
    bar = page.locator(".bulk__bar")
    expect(bar).to_be_hidden()
    row = page.locator(".rows__row", has_text="確認を待つ記事")
    row.locator(".rows__check").check()
    expect(bar).to_be_visible()
    title, whole = row.locator(".rows__text"), row
    assert title.bounding_box()["width"] >= 0.6 * whole.bounding_box()["width"]
    bar.locator("button[type=reset]").click()
    expect(bar).to_be_hidden()
    row.locator(".rows__check").check()
    bar.locator("button[value=return_to_draft]").click()
    expect(page.locator(".messages")).to_be_visible()
    expect(row.locator(".state__word")).to_have_text("下書き")
