"""Addresses that every WordPress site has lead to what stands here in their place."""

import pytest
from django.urls import reverse

from articles.models import Redirect
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def article():
    news = factories.category("国内", slug="news")
    made = factories.article(pk=77, slug="ship", category=news)
    made.tags.add("船")
    Redirect.objects.remember("/?p=5", article=made)
    Redirect.objects.remember("/2013/01/old-ship/", article=made)
    Redirect.objects.remember("/category/old-news/", category=news)
    Redirect.objects.remember("/?cat=3", category=news)
    Redirect.objects.remember("/tag/船/", tag=made.tags.get())
    Redirect.objects.remember("/author/minato/", to_path="/authors/9/")
    Redirect.objects.remember("/?author=4", to_path="/authors/9/")
    return made


def led(client, old):
    answer = client.get(old)
    return answer.get("Location") if answer.status_code == 301 else answer.status_code


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
def test_they_lead_on(client, article, old, new):
    assert led(client, old) == new


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
        "/wp-login.php",
    ],
)
def test_what_never_was_is_not_found(client, article, old):
    assert led(client, old) == 404


@pytest.mark.parametrize("query", ["m=x", "m=3013", "paged=2", "p=99", "p=²", "author=x", "tag="])
def test_other_questions_get_the_front_page(client, article, query):
    assert led(client, f"/?{query}") == 200


@pytest.mark.parametrize("query", ["p=99&feed=rss2", "cat=99&feed=atom"])
def test_a_feed_of_nothing_is_not_that_of_the_site(client, article, query):
    assert led(client, f"/?{query}") == 200


def test_where_something_answers_nothing_leads_away(client, article):
    for path in ("/", reverse("articles:site_rss"), "/articles/ship/", "/categories/news/feed/"):
        assert led(client, path) == 200


def test_a_form_is_not_led_away(client, article):
    assert client.post("/2013/01/old-ship/").status_code == 404
