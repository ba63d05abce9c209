"""Which article an address of the old site belongs to."""

import pytest

from articles.models import Redirect
from newsroom.importing.article_lookup import ArticleLookup
from tests import factories

pytestmark = pytest.mark.django_db

KNOWN = [
    "https://old.example/2020/01/港の一日/",
    "http://www.old.example/2020/01/港の一日",
    "//old.example/2020/01/港の一日/?utm_source=mail&fbclid=1#comments",
    "/2020/01/%E6%B8%AF%E3%81%AE%E4%B8%80%E6%97%A5/",
    "/2020/01/%e6%b8%af%e3%81%ae%e4%b8%80%e6%97%a5/index.html",
    "2020/01/港の一日",
    "https://old.example/2020/01/港の一日/comment-page-2/",
    "https://old.example/2020/01/港の一日/amp/",
    "https://old.example/?p=12",
    "https://old.example/index.php?p=12",
    " https://any.example/articles/port/ ",
]


@pytest.fixture
def article():
    article = factories.article(slug="port")
    Redirect.objects.remember("/2020/01/港の一日/", article=article)
    Redirect.objects.remember("/?p=12", article=article)
    return article


def test_many_forms_of_an_address_lead_to_one_article(article):
    lookup = ArticleLookup()
    found = {url: lookup.find(url) for url in KNOWN}
    assert {url for url in KNOWN if not found[url] or found[url].is_guess} == set()
    assert {each.article_id for each in found.values()} == {article.pk}


def test_an_article_that_is_not_public_is_found_too(article):
    draft = factories.article(slug="draft", status="draft")
    Redirect.objects.remember("/old-draft/", article=draft)
    assert ArticleLookup().find("/old-draft/").article_id == draft.pk
    assert ArticleLookup().find("/articles/draft/").article_id == draft.pk


def test_the_end_of_an_address_is_a_guess(article):
    for url in ("/p/2011/03/05/port/", "/blog/port.html", "https://old.example/port"):
        found = ArticleLookup().find(url)
        assert (found.article_id, found.is_guess) == (article.pk, True), url


@pytest.mark.parametrize(
    "url",
    [
        *(
            "",
            "/",
            "https://old.example/",
            "?",
            "http://[",
            "https://old.example/about/",
            "/p/por/",
        ),
        *("/tag/port/", "/category/port/", "/x" * 2000, "javascript:alert(1)", "\0", "/articles/"),
        "https://old.example/?p=99999999999999999999",
    ],
)
def test_other_addresses_have_none(article, url):
    assert ArticleLookup().find(url) is None


def test_hosts_of_the_old_site_can_be_named(article):
    lookup = ArticleLookup(["OLD.example:8080", "https://cdn.example/"])
    assert lookup.find("http://www.old.example/?p=12")
    assert lookup.find("https://cdn.example:444/?p=12")
    assert lookup.find("/?p=12")
    assert lookup.find("https://other.example/?p=12") is None
    assert lookup.is_foreign("https://other.example/?p=12")
