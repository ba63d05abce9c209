"""A section with few articles costs the same on a small site and on a large one."""

import pytest
from django.core.cache import caches
from django.utils import timezone

from articles.models import Article, Category
from newsroom.ranking_renewal import renew_all_rankings
from tests import factories
from tests.benchmarks import statements

pytestmark = pytest.mark.django_db

FEW, MANY = 30, 400  # articles of other sections
MORE = 10  # hundreds of steps of SQLite that do not count


@pytest.fixture
def section():
    section = factories.category("港", slug="port")
    part = factories.category("釣り", slug="fishing", parent=section)
    for number in range(3):
        factories.article(title=f"港 {number}", category=section)
        factories.article(title=f"釣り {number}", category=part)
    return section


def publish_elsewhere(first, last):
    sports, _new = Category.objects.get_or_create(slug="sports", defaults={"name": "スポーツ"})
    Article.objects.bulk_create(
        Article(
            title=f"試合 {number}",
            lead="結果。",
            body="<p>結果。</p>",
            slug=f"match-{number}",
            status=Article.Status.PUBLISHED,
            published_at=timezone.now(),
            category=sports,
        )
        for number in range(first, last)
    )


def measure(client, path):
    """Return the work of the database for a page of which nothing is kept but what is about the
    whole site."""
    for cache in caches.all():
        cache.clear()
    with statements.record_statements() as seen:
        assert client.get(path).status_code == 200
    own = [each for each in seen if not any(part in each[0] for part in statements.KEPT)]
    return sum(statements.measure_work(sql, params) for sql, params in own)


@pytest.mark.slow
@pytest.mark.once  # PostgreSQL reads a table of so few rows whole
@pytest.mark.parametrize("path", ["/", "/categories/port/", "/categories/port/feed/"])
def test_its_pages_do_not_walk_the_whole_site(client, section, path):
    publish_elsewhere(0, FEW)
    renew_all_rankings()
    small = measure(client, path)
    publish_elsewhere(FEW, MANY)
    assert measure(client, path) <= small + MORE


def test_each_of_its_articles_is_counted_once(client, section):
    both = factories.article(title="両方", category=section)
    both.other_categories.set([section, *section.get_children()])
    guest = factories.article(title="客", category=factories.category("国内"))
    guest.other_categories.set([section, *section.get_children()])
    factories.article(title="下書き", category=section, status="draft")
    page = client.get("/categories/port/").context["page"]
    assert page.paginator.count == len(page.object_list) == 8
