"""Filters find old texts too, even for common words."""

import pytest

from articles.search import index
from newsroom import site_search
from tests import factories
from tests.newsroom.test_site_search import numbers, page, titles
from tests.reading import texts

pytestmark = pytest.mark.django_db


@pytest.fixture
def busy(monkeypatch):
    """A site of whose port everybody speaks since: the index hands out the newest five."""
    monkeypatch.setattr(index, "LOT", 5)
    island = factories.category("離島", slug="island")
    old = factories.article(title="離島の港湾", category=island)
    old.tags.add("tide")
    factories.comment(old, text="港は遠い")
    factories.comment(old, text="港は近い")
    for number in range(12):
        factories.comment(factories.article(title=f"港湾の{number}"), text="港の話")
    return old


@pytest.mark.parametrize("chosen", [{"tag": "tide"}, {"category": "island"}])
def test_an_old_article_and_its_comments_are_found(client, busy, chosen):
    assert titles(client, "港湾", **chosen) == ["離島の港湾"]
    assert sorted(numbers(client, "港", **chosen)) == [1, 2]


@pytest.mark.parametrize("chosen", [{"tag": "tide"}, {"category": "island"}])
def test_it_goes_with_words_that_nobody_wrote_together(client, busy, chosen):
    assert titles(client, "離島の港湾 くじら", **chosen) == ["離島の港湾"]
    assert texts(page(client, "鯨", **chosen), "row__title") == []


def test_where_a_filter_leaves_too_much_the_newest_are_found(client, busy, monkeypatch):
    monkeypatch.setattr(site_search, "NARROW_ARTICLES", 0)
    assert len(titles(client, "離島", tag="tide")) == 1
    assert len(numbers(client, "遠い", category="island")) == 1


def test_nothing_in_a_category_is_nothing(client, busy):
    factories.category("空", slug="empty")
    assert titles(client, "港湾", category="empty") == []
    assert numbers(client, "港", category="empty") == []
