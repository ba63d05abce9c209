"""What the page of an article reads by one compiled query is what the models would load."""

import pytest
from django.forms.models import model_to_dict

from articles.lookup import find_article
from articles.models import Article, Credit
from tests import factories

pytestmark = pytest.mark.django_db
NAMES = "sources", "credits", "tags"


def list_beside(article):
    return {
        name: [(row, model_to_dict(row), row._state.adding) for row in getattr(article, name).all()]
        for name in NAMES
    }


@pytest.fixture
def article():
    article = factories.article(slug="ship")
    article.tags.set(["港", "灯台", "海"])
    for position, title in enumerate(["後の資料", "先の資料", "同じ位置の資料"]):
        article.sources.create(title=title, publisher="局", position=3 - position)
    article.sources.create(title="並んだ資料", url="https://example.jp/log", position=1)
    guest = factories.guest("湊野", slug="minatono", kind="agency", role="写真家")
    own = factories.user("writer").byline
    for position, (byline, part) in enumerate([(guest, "photo"), (own, "text"), (guest, "text")]):
        Credit.objects.create(article=article, byline=byline, part=part, position=9 - position)
    return article


def test_the_rows_are_those_that_the_managers_load(article):
    other = factories.article(slug="other")
    other.tags.set(["港", "別"])
    other.sources.create(title="別の資料")
    found, plain = find_article("ship"), Article.objects.get(slug="ship")
    assert list_beside(found) == list_beside(plain)
    bylines = [model_to_dict(credit.byline) for credit in found.credits.all()]
    assert bylines == [model_to_dict(credit.byline) for credit in plain.credits.all()]
    assert found.signatures == plain.signatures
    assert found.photographers == plain.photographers


def test_an_article_with_nothing_beside_it_has_empty_lists():
    factories.article(slug="plain")
    found = find_article("plain")
    assert [list(getattr(found, name).all()) for name in NAMES] == [[], [], []]


def test_two_queries_find_all(article, django_assert_num_queries):
    find_article("ship")
    with django_assert_num_queries(2):
        list_beside(find_article("ship"))
