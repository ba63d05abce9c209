"""Feeds: discovery, conditional requests and caching."""

import pytest

from tests import factories
from tests.reading import parsed

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def article():
    return factories.article(slug="ship", category=factories.category("国内", slug="news"))


class TestConditionalRequests:
    @pytest.fixture(params=["/feed/", "/feed/atom/", "/comments/feed/"])
    def answer(self, request, client, article):
        factories.comment(article)
        answer = client.get(request.param)
        answer.address = request.param
        return answer

    def test_who_has_it_gets_it_not_again(self, client, answer):
        for headers in (
            {"if-none-match": answer["ETag"]},
            {"if-modified-since": answer["Last-Modified"]},
        ):
            again = client.get(answer.address, headers=headers)
            assert again.status_code == 304
            assert not again.content

    def test_who_has_an_older_one_gets_it(self, client, answer, article):
        factories.comment(article, text="次の意見")
        factories.article()
        again = client.get(answer.address, headers={"if-none-match": answer["ETag"]})
        assert again.status_code == 200

    def test_it_sets_no_cookie(self, answer):
        assert not answer.cookies and "cookie" not in answer.get("Vary", "").lower()


def test_a_kept_feed_takes_one_query(client, article, django_assert_num_queries):
    client.get("/feed/")
    with django_assert_num_queries(1):
        client.get("/feed/")


def test_a_thread_has_a_feed_whatever_its_article_is_called(client, article):
    article.title = "題\x0b名"
    article.save()
    answer = client.get(f"/threads/{article.pk}/feed/")
    assert answer.status_code == 200
    assert "題名" in answer.content.decode()


@pytest.mark.parametrize("path", ["/", "/articles/ship/", "/categories/news/", "/archive/"])
def test_pages_say_where_their_feeds_are(client, article, path):
    page = parsed(client.get(path))
    links = page.xpath("//head/link[@rel='alternate']")
    kinds = {link.get("href"): link.get("type") for link in links}
    assert kinds["/feed/"] == "application/rss+xml"
    assert kinds["/feed/atom/"] == "application/atom+xml"
    assert len(kinds) == len(links)
    for address, kind in kinds.items():
        assert client.get(address)["Content-Type"].startswith(kind)
    if path.startswith("/categories/"):
        assert "/categories/news/feed/" in kinds
