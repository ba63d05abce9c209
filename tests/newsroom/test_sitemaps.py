"""Sitemaps and robots.txt, by the rules of sitemaps.org and Google News."""

import re
from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from lxml import etree

from articles.models import Article
from newsroom.views import sitemaps
from tests import factories
from tests.articles.test_pages import hours_ago
from tests.reading import read, texts

pytestmark = [pytest.mark.django_db, pytest.mark.once]

SITE = "http://testserver"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"


def tree(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("application/xml")
    return etree.fromstring(answer.content)


def locations(client, address):
    return [element.text for element in tree(client, address).iter(f"{MAP}loc")]


def everything(client):
    """The addresses in all sitemaps that the index names."""
    return [
        location
        for sitemap in locations(client, "/sitemap.xml")
        for location in locations(client, sitemap.removeprefix(SITE))
    ]


@pytest.fixture
def site():
    """A published article with all that lists it, and an author, a category and a tag beside."""
    author = factories.user("hayase", display_name="早瀬")
    above = factories.category("科学", slug="science")
    category = factories.category("通信", slug="telecom", parent=above)
    factories.category("空の分野", slug="empty")
    article = factories.article(
        slug="ship", author=author, category=category, updated_at=hours_ago(0.5)
    )
    article.tags.add("cable")
    other = factories.article(slug="draft", status="draft", author=factories.user("draftsman"))
    other.tags.add("unused")
    return article


class TestSitemaps:
    def test_the_index_names_every_sitemap_by_an_absolute_address(self, client, site):
        root = tree(client, "/sitemap.xml")
        assert root.tag == f"{MAP}sitemapindex"
        assert {child.tag for child in root} == {f"{MAP}sitemap"}
        assert locations(client, "/sitemap.xml") == [
            f"{SITE}/sitemap-{name}.xml"
            for name in ("articles", "categories", "tags", "authors", "series", "pages")
        ]

    def test_they_list_public_pages_only(self, client, site):
        about = factories.article(slug="about", kind=Article.Kind.PAGE)
        assert sorted(everything(client)) == sorted(
            SITE + path
            for path in (
                "/",
                "/archive/",
                "/feeds/",
                "/articles/ship/",
                about.get_absolute_url(),
                "/categories/science/",
                "/categories/telecom/",
                "/tags/cable/",
                f"/authors/{site.author_id}/",
            )
        )

    def test_every_address_in_them_answers_for_itself(self, client, site):
        for location in everything(client):
            page = read(client, location.removeprefix(SITE))
            assert page.xpath("//link[@rel='canonical']/@href") == [location]
            assert "noindex" not in page.xpath("string(//meta[@name='robots']/@content)")

    @pytest.mark.parametrize(
        "fields",
        [
            {"status": "draft"},
            {"status": "review"},
            {"status": "withdrawn"},
            {"published_at": timezone.now() + timedelta(days=1)},
            {"expires_at": timezone.now() - timedelta(minutes=1)},
        ],
        ids=["draft", "review", "withdrawn", "scheduled", "expired"],
    )
    def test_no_sitemap_lists_an_unpublished_article(self, client, site, fields):
        factories.article(slug="secret", **fields)
        factories.article(slug="secret-page", kind=Article.Kind.PAGE, **fields)
        found = [*everything(client), *locations(client, "/sitemap-news.xml")]
        assert not [address for address in found if "secret" in address]

    def test_dates_are_those_of_w3c_and_true(self, client, site):
        (entry,) = tree(client, "/sitemap-articles.xml")
        said = entry.findtext(f"{MAP}lastmod")
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?[+-]\d\d:\d\d", said)
        assert abs(datetime.fromisoformat(said) - site.updated_at) < timedelta(seconds=1)

    def test_an_entry_has_the_elements_of_the_schema_in_order(self, client, site):
        for name in sitemaps.SITEMAPS:
            root = tree(client, f"/sitemap-{name}.xml")
            assert root.tag == f"{MAP}urlset"
            for entry in root:
                assert [child.tag for child in entry] in (
                    [f"{MAP}loc", f"{MAP}lastmod"],
                    [f"{MAP}loc"],
                )

    def test_many_articles_come_in_several_files(self, client, monkeypatch):
        monkeypatch.setattr(sitemaps.Articles, "limit", 2)
        for number in range(5):
            factories.article(slug=f"number-{number}", published_at=hours_ago(9 - number))
        files = [each for each in locations(client, "/sitemap.xml") if "articles" in each]
        assert files == [
            f"{SITE}/sitemap-articles.xml",
            f"{SITE}/sitemap-articles.xml?p=2",
            f"{SITE}/sitemap-articles.xml?p=3",
        ]
        found = [locations(client, each.removeprefix(SITE)) for each in files]
        assert [len(each) for each in found] == [2, 2, 1]
        assert found[0] == [f"{SITE}/articles/number-0/", f"{SITE}/articles/number-1/"]

    def test_the_limit_is_far_below_that_of_the_protocol(self):
        assert sitemaps.Articles.limit <= 5_000

    @pytest.mark.parametrize(
        "path", ["sitemap-none.xml", "sitemap-articles.xml?p=2", "sitemap-articles.xml?p=x"]
    )
    def test_an_unknown_sitemap_leads_to_the_index(self, client, site, path):
        answer = client.get(f"/{path}")
        assert (answer.status_code, answer["Location"]) == (301, "/sitemap.xml")

    def test_addresses_are_escaped(self, client):
        factories.article(slug="港の記事")
        (location,) = locations(client, "/sitemap-articles.xml")
        assert location == f"{SITE}/articles/%E6%B8%AF%E3%81%AE%E8%A8%98%E4%BA%8B/"

    def test_addresses_come_from_the_settings(self, client, site, settings):
        settings.SITE_URL = "https://shinpo.example"
        for path in ("/sitemap.xml", "/sitemap-articles.xml", "/sitemap-news.xml", "/robots.txt"):
            text = client.get(path, headers={"host": "localhost"}).content.decode()
            assert "https://shinpo.example/" in text
            assert "localhost" not in text and "testserver" not in text


class TestNews:
    def test_it_holds_the_news_of_two_days(self, client, settings):
        factories.article(slug="new", title="二隻目 & <三隻目>", published_at=hours_ago(47))
        factories.article(slug="old", published_at=hours_ago(49))
        factories.article(slug="about", kind=Article.Kind.PAGE)
        (entry,) = tree(client, "/sitemap-news.xml")
        assert entry.findtext(f"{MAP}loc") == f"{SITE}/articles/new/"
        (news,) = entry.findall(f"{NEWS}news")
        assert news.findtext(f"{NEWS}publication/{NEWS}name") == settings.SITE_NAME
        assert news.findtext(f"{NEWS}publication/{NEWS}language") == "ja"
        assert news.findtext(f"{NEWS}title") == "二隻目 & <三隻目>"
        said = datetime.fromisoformat(news.findtext(f"{NEWS}publication_date"))
        assert timezone.now() - said < timedelta(hours=48) and said.tzinfo

    def test_it_may_be_empty(self, client):
        assert len(tree(client, "/sitemap-news.xml")) == 0

    def test_it_takes_one_query(self, client, django_assert_num_queries):
        for number in range(3):
            factories.article(slug=f"number-{number}")
        with django_assert_num_queries(1):
            client.get("/sitemap-news.xml")

    def test_characters_that_xml_forbids_are_left_out(self, client):
        factories.article(title="題\x0b名")
        (title,) = tree(client, "/sitemap-news.xml").iter(f"{NEWS}title")
        assert title.text == "題名"


class TestRobots:
    def lines(self, client):
        answer = client.get("/robots.txt")
        assert answer["Content-Type"].startswith("text/plain")
        return [line for line in answer.content.decode().splitlines() if line]

    def test_it_names_both_sitemaps(self, client):
        lines = self.lines(client)
        assert lines[0] == "User-agent: *"
        assert [line for line in lines if line.startswith("Sitemap: ")] == [
            f"Sitemap: {SITE}/sitemap.xml",
            f"Sitemap: {SITE}/sitemap-news.xml",
        ]

    @pytest.mark.parametrize("path", ["/admin/", "/moderation/", "/me/", "/search/suggest/"])
    def test_robots_may_not_crawl_forms_and_the_desk(self, client, path):
        assert f"Disallow: {path}" in self.lines(client)

    def test_of_a_readers_own_pages_only_the_first_is_open(self, client):
        assert "Allow: /me/$" in self.lines(client)

    def test_reading_is_open(self, client):
        closed = [line.split()[1] for line in self.lines(client) if line.startswith("Disallow")]
        for path in (
            "/",
            "/articles/x/",
            "/search/?q=x",
            "/feed/",
            "/comments/feed/",
            "/comments/1/",
            "/static/x",
        ):
            assert not [
                rule for rule in closed if re.match(re.escape(rule).replace(r"\*", ".*"), path)
            ]


def test_the_overview_names_every_feed(client, site):
    page = read(client, "/feeds/")
    found = page.xpath("//main//a/@href")
    for path in (
        "/feed/",
        "/feed/atom/",
        "/comments/feed/",
        "/categories/science/feed/",
        "/tags/cable/feed/atom/",
        f"/authors/{site.author_id}/feed/",
    ):
        assert path in found
        assert client.get(path).status_code == 200
    assert not [path for path in found if "unused" in path or "draftsman" in path]
    assert "draftsman" not in " ".join(texts(page, "columns__main"))
