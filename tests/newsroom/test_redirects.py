"""Addresses that moved, and those that every WordPress site has, redirect."""

import pytest
from django.urls import reverse

from articles.models import Redirect
from tests import factories
from tests.shared import shared_rows

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def imported(django_db_setup, django_db_blocker):
    with shared_rows(django_db_blocker):
        news = factories.category("国内", slug="news")
        article = factories.article(pk=77, slug="ship", category=news)
        article.tags.add("船")
        Redirect.objects.remember("/?p=5", article=article)
        Redirect.objects.remember("/2013/01/old-ship/", article=article)
        Redirect.objects.remember("/category/old-news/", category=news)
        Redirect.objects.remember("/?cat=3", category=news)
        Redirect.objects.remember("/tag/船/", tag=article.tags.get())
        Redirect.objects.remember("/author/minato/", to_path="/authors/9/")
        Redirect.objects.remember("/?author=4", to_path="/authors/9/")
        yield


def answer(client, path):
    """Return where a GET is redirected to, or its status."""
    response = client.get(path)
    return response.get("Location") if response.status_code == 301 else response.status_code


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/2013/", "/archive/2013/"),
        ("/2013/01/", "/archive/2013/01/"),
        ("/2013/01/31/", "/archive/2013/01/"),
        ("/2013/01/page/2/", "/archive/2013/01/"),
        ("/?m=201301", "/archive/2013/01/"),
        ("/?m=20130131", "/archive/2013/01/"),
        ("/?m=2013", "/archive/2013/"),
        ("/?s=%E5%8F%B0%E6%B9%BE+%E6%B8%AF", "/search/?q=%E5%8F%B0%E6%B9%BE+%E6%B8%AF"),
        ("/?s=", "/search/?q="),
        ("/feed/rss2/", "/feed/"),
        ("/feed/rdf/", "/feed/"),
        ("/?feed=rss2", "/feed/"),
        ("/?feed=atom", "/feed/atom/"),
        ("/?feed=comments-rss2", "/comments/feed/"),
        ("/comments/feed/atom/", "/comments/feed/"),
        ("/category/old-news/feed/", "/categories/news/feed/"),
        ("/category/old-news/feed/atom/", "/categories/news/feed/atom/"),
        ("/?cat=3&feed=atom", "/categories/news/feed/atom/"),
        ("/tag/船/feed/", "/tags/%E8%88%B9/feed/"),
        ("/?tag=船", "/tags/%E8%88%B9/"),
        ("/?category_name=old-news", "/categories/news/"),
        ("/category/old-news/page/3/", "/categories/news/"),
        ("/author/minato/", "/authors/9/"),
        ("/author/minato/feed/", "/authors/9/feed/"),
        ("/?author=4", "/authors/9/"),
        ("/?author_name=minato", "/authors/9/"),
        ("/2013/01/old-ship/feed/", "/threads/77/feed/"),
        ("/?p=5&feed=rss2", "/threads/77/feed/"),
        ("/2013/01/old-ship/2/", "/articles/ship/"),
        ("/2013/01/old-ship/amp/", "/articles/ship/"),
        ("/2013/01/old-ship/embed/", "/articles/ship/"),
        ("/2013/01/old-ship/trackback/", "/articles/ship/"),
        ("/page/4/", "/"),
        ("/wp-sitemap.xml", "/sitemap.xml"),
        ("/sitemap_index.xml", "/sitemap.xml"),
    ],
)
def test_they_redirect(client, old, new):
    assert answer(client, old) == new


@pytest.mark.parametrize(
    "old",
    [
        "/1/",
        "/3013/",
        "/2013/13/",
        "/2013/01/unknown/",
        "/2013/01/unknown/feed/",
        "/unknown/2/",
        "/category/unknown/feed/",
        "/articles/unknown/page/2/",
        "/archive/2013/01/",
        "/２０１３/",
        "/tag/unknown/feed/atom/",
        "/xmlrpc.php",
    ],
)
def test_an_unknown_address_is_not_found(client, old):
    assert answer(client, old) == 404


@pytest.mark.parametrize("query", ["m=x", "m=3013", "paged=2", "p=99", "p=²", "author=x", "tag="])
def test_other_queries_get_the_front_page(client, query):
    assert answer(client, f"/?{query}") == 200


@pytest.mark.parametrize("query", ["p=99&feed=rss2", "cat=99&feed=atom"])
def test_a_feed_of_nothing_is_not_that_of_the_site(client, query):
    assert answer(client, f"/?{query}") == 200


def test_an_address_with_a_page_does_not_redirect(client):
    for path in ("/", reverse("articles:site_rss"), "/articles/ship/", "/categories/news/feed/"):
        assert answer(client, path) == 200


def test_a_post_does_not_redirect(client):
    assert client.post("/2013/01/old-ship/").status_code == 404
