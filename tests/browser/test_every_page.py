"""Every public page: what axe says of it, how wide it is, and that scripts add no content."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone

from articles.models import Series
from tests import factories, pictures, staff

pytestmark = pytest.mark.slow

COLOURS = ["color-contrast", "link-in-text-block"]  # all that differs in the dark
WIDTHS = (320, 360, 375, 700, 1040, 1920)
CONTENT = ".article__body, .comment__body, .article__title, .row__link, .prose, .rank__title, h1"


@pytest.fixture
def paths(article, branch):
    """The addresses of the public pages, by name, of a site with some of everything."""
    category = factories.category("交通", parent=factories.category("国内"))
    author = staff.editor()
    picture = pictures.in_library(
        image_alt_text="灯台", caption="夕方の灯台。", copyright="港湾新報 写真部"
    )
    paragraphs = "".join(
        f"<h2>見出し{n}</h2><p>{'灯台の光は遠くまで届く。' * 20}</p>" for n in range(4)
    )
    table = "<table><tr><th>年</th><th>船</th></tr><tr><td>2025</td><td>12</td></tr></table>"
    figure = f'<figure><img data-file="{picture.pk}"></figure>'
    article.body = f"{paragraphs}{figure}<blockquote><p>見える。</p></blockquote>{table}"
    article.lead, article.author, article.category = "百年を迎えた。", author, category
    article.lead_image = picture
    article.series = Series.objects.create(title="灯台の百年", slug="lights", description="連載。")
    article.breaking_until = timezone.now() + timedelta(hours=1)
    article.save()
    article.tags.add("灯台")
    for number, byline in enumerate((author.byline, factories.guest(slug="minatono", role="作家"))):
        article.credits.create(byline=byline, position=number)
        article.credits.create(byline=byline, position=number, part="photo")
    article.sources.create(title="灯台年報", publisher="海上保安庁", url="https://example.jp/a")
    for number in range(6):
        factories.article(title=f"次の記事{number}", category=category, author=author)
    first, second, third = branch
    factories.comment(article, text="外れた話", parent=first).remove(by=author, reason="spam")
    withdrawn = factories.article(title="取り下げた記事")
    withdrawn.withdraw(note="誤りがありました。")
    article.index()
    month = article.published_at
    return {
        "home": "/",
        "article": article.get_absolute_url(),
        "withdrawn": withdrawn.get_absolute_url(),
        "category": category.get_absolute_url(),
        "tag": "/tags/灯台/",
        "author": f"/authors/{author.pk}/",
        "guest": "/authors/minatono/",
        "series": "/series/lights/",
        "archive": "/archive/",
        "month": f"/archive/{month:%Y}/{month:%m}/",
        "search": "/search/?q=灯台",
        "hits among comments": "/search/?q=灯台&in=comments",
        "nothing found": "/search/?q=鯨",
        "feeds": "/feeds/",
        "comment": f"/comments/{second.pk}/",
        "reply": f"/comments/{third.pk}/reply/",
        "report": f"/comments/{third.pk}/report/",
        "mine": "/me/",
        "moderation in numbers": "/transparency/",
        "missing": "/nowhere/",
    }


class TestWithScripts:
    @pytest.fixture
    def scripts(self):
        return True

    def test_axe_finds_nothing(self, new_context, paths):
        # axe sets styles of its own, which the policy of the site would not let it.
        page = new_context(bypass_csp=True, reduced_motion="reduce").new_page()
        found = {}
        for name, path in paths.items():
            page.goto(path)
            page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
            for scheme, options in (("light", {}), ("dark", {"runOnly": COLOURS})):
                page.emulate_media(color_scheme=scheme)
                results = Axe().run(page, options=options)
                if results.violations_count:
                    found[name, scheme] = results.generate_report()
        assert found == {}

    def test_no_page_is_wider_than_its_window_or_takes_from_elsewhere(self, page, paths, site):
        wide, asked = [], []
        page.on("request", lambda request: asked.append(request.url))
        for name, path in paths.items():
            page.goto(path)
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 800})
                if page.evaluate("document.scrollingElement.scrollWidth") > width:
                    wide.append((name, width))
            page.wait_for_load_state("networkidle")
        assert wide == []
        assert [url for url in asked if not url.startswith((site.url, "data:"))] == []

    def test_scripts_add_no_content(self, page, paths, browser, site):
        context = browser.new_context(base_url=site.url, java_script_enabled=False, locale="ja-JP")
        plain = context.new_page()
        for path in paths.values():
            page.goto(path)
            plain.goto(path)
            shown = page.locator(CONTENT).all_inner_texts()
            assert shown == plain.locator(CONTENT).all_inner_texts()
            assert shown
        context.close()

    def test_nothing_moves_while_a_page_loads(self, page, paths):
        page.add_init_script(
            "window.shift = 0; new PerformanceObserver(list => list.getEntries().forEach("
            "one => { if (!one.hadRecentInput) window.shift += one.value }))"
            ".observe({type: 'layout-shift', buffered: true})"
        )
        page.set_viewport_size({"width": 375, "height": 700})
        for name in ("home", "article", "category", "search", "archive"):
            page.goto(paths[name], wait_until="networkidle")
            assert page.evaluate("window.shift") == 0, name
