"""Series: their page, the order of their parts, and the way from part to part."""

import json
import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from lxml import etree

from articles.models import Article, ArticleChange, Series
from articles.models.own_links import find_dead_links
from tests import factories, staff
from tests.articles.admin_forms import address, filled_in, form_of, saved
from tests.reading import read, texts

pytestmark = pytest.mark.django_db


@pytest.fixture
def series():
    return Series.objects.create(title="灯台の百年", slug="lights", description="六回の連載。")


@pytest.fixture
def parts(series):
    """Three parts, which were published in another order than theirs."""
    return [
        factories.article(title=f"第{number}話", slug=f"part-{number}", series=series,
                          series_number=number)
        for number in (3, 1, 2)
    ]  # fmt: skip


def read_node(html):
    found = re.findall(r'<script type="application/ld\+json">(.+?)</script>', html)
    return next(node for node in map(json.loads, found) if node["@type"] == "NewsArticle")


class TestReaders:
    def test_the_page_lists_the_parts_in_order(self, client, parts):
        page = read(client, "/series/lights/")
        assert texts(page, "page-head__title") == ["灯台の百年"]
        assert texts(page, "row__title")[:3] == ["第1話", "第2話", "第3話"]
        assert client.get("/series/nothing/").status_code == 404

    @pytest.mark.parametrize("path", ["", "feed/", "feed/atom/"])
    def test_a_series_is_hidden_until_its_first_part_is_public(self, client, series, path):
        part = factories.article(series=series, status="draft", category=factories.category())
        assert client.get(f"/series/lights/{path}").status_code == 404
        part.publish()
        assert client.get(f"/series/lights/{path}").status_code == 200

    def test_a_part_names_its_series_and_leads_to_its_neighbours(self, client, parts):
        page = read(client, "/articles/part-2/")
        [line] = texts(page, "article__series")
        assert "灯台の百年" in line
        assert "第2回" in line
        assert texts(page, "article__sibling-label") == ["前の回", "次の回"]
        assert texts(page, "article__sibling-title") == ["第1話", "第3話"]
        assert texts(read(client, "/articles/part-1/"), "article__sibling-title") == ["第2話"]

    def test_hidden_parts_are_passed_over(self, client, parts):
        parts[2].withdraw(note="誤り。")
        page = read(client, "/articles/part-1/")
        assert texts(page, "article__sibling-title") == ["第3話"]
        assert "第2話" not in texts(read(client, "/series/lights/"), "row__title")

    def test_parts_of_one_number_follow_each_other(self, client, parts, series):
        factories.article(title="第2話の続き", slug="more", series=series, series_number=2)
        page = read(client, "/articles/more/")
        assert texts(page, "article__sibling-title") == ["第2話", "第3話"]

    def test_an_article_alone_has_no_neighbours(self, client):
        factories.article(title="前")
        factories.article(slug="alone")
        assert texts(read(client, "/articles/alone/"), "article__sibling-label") == []

    def test_json_ld_sitemap_feeds_and_search_name_the_series(self, client, parts, settings):
        html = client.get("/articles/part-2/").content.decode()
        node, address = read_node(html), f"{settings.SITE_URL}/series/lights/"
        assert node["isPartOf"] == {
            "@type": "CreativeWorkSeries",
            "@id": f"{address}#series",
            "name": "灯台の百年",
            "url": address,
        }
        assert node["position"] == 2
        assert "/series/lights/" in client.get("/sitemap-series.xml").content.decode()
        feed = etree.fromstring(client.get("/series/lights/feed/").content)
        assert [each.text for each in feed.iter("title")][1:] == ["第2話", "第1話", "第3話"]
        assert "連載「灯台の百年」第2回" in client.get("/feed/").content.decode()
        parts[0].index()
        assert "/articles/part-3/" in client.get("/search/", {"q": "灯台の百年"}).content.decode()

    def test_links_to_series_are_alive(self, parts):
        body = '<p><a href="/series/lights/">甲</a><a href="/series/no/">乙</a></p>'
        parts[0].body = body
        assert find_dead_links(parts[0], parts[0].published_at) == ["/series/no/"]

    def test_links_to_what_only_drafts_have_are_dead(self, parts, client):
        hidden = Series.objects.create(title="準備中", slug="hidden")
        author = staff.writer("nobody-yet")
        later = timezone.now() + timedelta(days=2)
        factories.article(series=hidden, status="draft", author=author)
        factories.article(series=hidden, status="withdrawn", author=author)
        scheduled = factories.article(
            series=hidden, author=author, published_at=later, status="published"
        )
        links = ["/series/hidden/", f"/authors/{author.pk}/"]
        parts[0].body = "".join(f'<p><a href="{link}">甲</a></p>' for link in links)
        assert [client.get(link).status_code for link in links] == [404, 404]
        assert find_dead_links(parts[0], timezone.now()) == links
        assert find_dead_links(parts[0], later) == []
        scheduled.body = parts[0].body
        assert find_dead_links(scheduled, timezone.now()) == []  # it is the first part
        scheduled.kind = Article.Kind.PAGE
        assert find_dead_links(scheduled, timezone.now()) == links


class TestEditors:
    @pytest.fixture
    def editor(self):
        return staff.browser_of(staff.editor())

    def test_the_form_numbers_a_part_as_the_next(self, editor, parts, series):
        add = "/admin/articles/article/add/"
        article = saved(editor.post(add, filled_in(series=series.pk)))
        assert (article.series, article.series_number) == (series, 4)
        article = saved(editor.post(add, filled_in(series=series.pk, series_number=2)))
        assert article.series_number == 2
        article = saved(editor.post(add, filled_in(series_number=7)))
        assert article.series_number is None

    @pytest.mark.parametrize("number", ["-1", "99999", "x"])
    def test_a_number_that_is_none_is_refused(self, editor, series, number):
        fields = filled_in(series=series.pk, series_number=number)
        assert editor.post("/admin/articles/article/add/", fields).status_code == 200

    def test_a_draft_change_moves_an_article_into_a_series(self, editor, series):
        article = factories.article(category=factories.category())
        fields = form_of(article, series=series.pk) | {"_change": "save"}
        assert editor.post(f"{address(article)}?change", fields).status_code == 302
        assert Article.objects.get().series is None
        ArticleChange.objects.get().apply(by=editor.user)
        assert Article.objects.get().series == series

    def test_a_series_is_made_with_an_address_that_stays(self, editor, parts, series, client):
        fields = {"title": "海の地図", "slug": "", "description": ""}
        assert editor.post("/admin/articles/series/add/", fields).status_code == 302
        assert Series.objects.get(title="海の地図").slug == "海の地図"
        place = reverse("admin:articles_series_change", args=[series.pk])
        fields = {"title": "灯の百年", "slug": "other", "description": ""}
        assert editor.post(place, fields).status_code == 302
        assert Series.objects.get(pk=series.pk).slug == "lights"
        assert "灯の百年" in client.get("/articles/part-1/").content.decode()
        assert "/articles/part-1/" in client.get("/search/", {"q": "灯の百年"}).content.decode()

    def test_a_series_with_parts_is_not_deleted(self, editor, parts, series):
        place = reverse("admin:articles_series_delete", args=[series.pk])
        editor.post(place, {"post": "yes"})
        assert Series.objects.filter(pk=series.pk).exists()
