"""An article in another language than the site says so wherever it is quoted."""

import json
import re
from copy import deepcopy
from pickle import dumps, loads

import pytest
from django.conf import settings
from django.utils.translation import override

from articles.models import Article
from articles.templatetags.reading import lang, render_footer, shorten
from articles.web.languages import TextInLanguage, guess_language
from newsroom.ranking_renewal import renew_all_rankings
from newsroom.side import render_rankings
from tests import factories, staff
from tests.reading import read

TITLE, LEAD = "A second ship for the harbour", "It halves the wait for a repair."
BROKEN = re.compile(r'="[^"<>]*<span lang|<title>[^<]*<span|&lt;span lang')


@pytest.fixture
def english(db):
    category = factories.category("港", slug="port")
    article = factories.article(
        title=TITLE,
        lead=LEAD,
        body="<p>The quay is ready.</p>",
        slug="ship",
        language="en",
        category=category,
        featured=True,
    )
    factories.comment(article, text="The old ship was too slow for this.")
    factories.comment(article, text="二隻目が来る。")
    return article


def list_unmarked(page, text):
    """The text nodes of a page that quote a text outside an element in English."""
    nodes = page.xpath("//body//text()[not(ancestor::script)]")
    return [
        node
        for node in nodes
        if text in node and not node.getparent().xpath("ancestor-or-self::*[@lang][1][@lang='en']")
    ]


@pytest.mark.once
class TestQuotations:
    PATHS = [
        *("/", "/articles/ship/", "/categories/port/", "/search/?q=harbour", "/archive/"),
        *("/comments/1/", "/articles/other/"),
    ]

    @pytest.fixture
    def pages(self, client, english):
        other = factories.article(title="岸壁の工事", slug="other", category=english.category)
        other.related_links.create(related=english, position=1)
        renew_all_rankings()
        found = {}
        for path in self.PATHS:
            path = path.replace("/1/", f"/{english.thread.comments.earliest('pk').pk}/")
            found[path] = read(client, path)
            assert not BROKEN.search(client.get(path).content.decode()), path
        return found

    def test_each_page_marks_what_it_quotes(self, pages):
        for path, page in pages.items():
            for text in (TITLE, "It halves", "The quay is ready", "The old ship"):
                assert not list_unmarked(page, text), (path, text)
        quoting = [path for path, page in pages.items() if TITLE in page.text_content()]
        assert len(quoting) >= len(pages) - 1  # all but the archive, which shows numbers

    def test_the_page_itself_stays_in_its_language(self, pages):
        page = pages["/articles/ship/"]
        assert page.get("lang") == "ja"
        assert not page.xpath("//*[@lang='en'][.//text()[contains(., '二隻目が来る')]]")
        assert (
            json.loads(page.xpath("//script[contains(., 'NewsArticle')]/text()")[0])["inLanguage"]
            == "en"
        )
        assert page.xpath("//meta[@property='og:locale']/@content") == ["en_US"]


@pytest.mark.once
def test_what_is_rendered_once_follows_a_change_of_language(english, settings):
    settings.PAGE_CACHE_SECONDS = 0
    factories.scored(english, 6)
    renew_all_rankings()
    for language, is_marked in (("ja", False), ("en", True)):
        Article.objects.update(language=language)
        pages = [(Article.objects.get().title, "/")]
        for html in (render_rankings(), render_footer({"footer_pages": pages})):
            assert (f'lang="en">{TITLE}' in html) is is_marked


@pytest.mark.once
def test_feeds_and_sitemaps_name_the_language(client, english):
    assert "<dc:language" in client.get("/feed/").content.decode()
    assert 'xml:lang="en"' in client.get("/feed/atom/").content.decode()
    assert "<news:language>en<" in client.get("/sitemap-news.xml").content.decode()


@pytest.mark.once
def test_staff_with_another_language_read_it_marked(english):
    browser = staff.browser_of(staff.editor())
    answer = browser.get("/admin/articles/article/")
    assert f'<span lang="en">{TITLE}</span>' in answer.content.decode()
    assert not BROKEN.search(answer.content.decode())
    form = browser.get(f"/admin/articles/article/{english.pk}/change/").content.decode()
    assert f"<title>{TITLE} |" in form
    assert not BROKEN.search(form)
    desk = staff.browser_of(staff.moderator())
    thread = desk.get(f"/moderation/threads/{english.pk}/").content.decode()
    assert TITLE in thread and not BROKEN.search(thread)


@pytest.mark.once
def test_the_title_of_a_page_is_text_alone(client, english):
    english.title = "A <b> & a “second” ship"
    english.save()
    page = client.get("/articles/ship/").content.decode()
    assert "<title>A &lt;b&gt; &amp; a “second” ship |" in page


def test_the_language_of_the_site_is_the_default(db):
    article = factories.article(title=TITLE)
    assert (article.language, article.language_code) == ("", "ja")
    assert article.title.language == "ja"
    article.language = "en"
    assert article.title.language == "en"
    assert type(str(article)) is str
    assert not hasattr(str(article), "language")


def test_a_text_keeps_its_language():
    text = TextInLanguage("One <b> two three", "en")
    for copy in (deepcopy(text), loads(dumps(text)), shorten(text, 12)):
        assert copy.language == "en"
    with override("ja"):
        assert text.__html__() == '<span lang="en">One &lt;b&gt; two three</span>'
    with override("en"):
        assert text.__html__() == "One &lt;b&gt; two three"
    assert shorten("Words are cut between them", 15) == "Words are cut…"
    assert shorten("語の間に空白がない文", 5) == "語の間に…"


def test_comments_tell_their_language():
    texts = {
        "これは日本語です": "ja",
        "<p>I agree with this.</p>": "en",
        "그렇습니다": "ko",
        "C'est très bien": "",
        "OK": "",
        "https://example.org/the/a": "",
    }
    assert {text: guess_language(text) for text in texts} == texts
    with override("ja"):
        assert (lang("The end of it"), lang("終わり")) == (' lang="en"', "")


def test_every_template_names_the_language_of_a_comment():
    printed = re.compile(r"(?<!\|lang \}\}>)(?<!\|lang \}\}\n  >)\{\{ comment\.html\|safe")
    folder = settings.BASE_DIR / "templates"
    templates = [path for path in folder.rglob("*") if path.suffix in {".html", ".jinja"}]
    assert [path.name for path in templates if printed.search(path.read_text("utf-8"))] == []
