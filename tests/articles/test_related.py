"""The articles that share tags with one: the same work however many share them."""

from datetime import timedelta
from math import inf

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.utils import timezone
from taggit.models import Tag

from articles import related
from articles.models import Article, Category
from articles.related import RelatedLists
from articles.web.editions import Parts
from tests import factories
from tests.benchmarks import statements

pytestmark = pytest.mark.django_db

FEW, MANY = 250, 500  # more than are looked at


@pytest.fixture(autouse=True)
def section():
    return factories.category("海運", slug="shipping")


def list_related(article):
    return RelatedLists(article.pk, Parts(None, inf)).related


def write_tagged(count, *tags):
    """Write so many articles with these tags, without any signal."""
    first, category = timezone.now() - timedelta(days=900), Category.objects.first()
    rows = Article.objects.bulk_create(
        Article(
            title=f"記事{number}",
            slug=f"{tags[0].slug}-{number}",
            lead="リード",
            body="<p>本文。</p>",
            category=category,
            status=Article.Status.PUBLISHED,
            published_at=first + timedelta(hours=number),
        )
        for number in range(count)
    )
    model = ContentType.objects.get_for_model(Article)
    through = Article.tags.through
    through.objects.bulk_create(
        through(tag=tag, object_id=row.pk, content_type=model) for row in rows for tag in tags
    )
    return rows


def measure_work(article):
    """Return the work of the statements that read or count the tags."""
    list_related(article)
    with statements.record_statements() as seen:
        list_related(article)
    links = Article.tags.through._meta.db_table
    return sum(statements.measure_work(*each) for each in seen if links in each[0])


def test_related_articles_of_one_second_are_sorted_by_its_parts():
    article, second = factories.article(), timezone.now().replace(microsecond=0)
    category = Category.objects.get()
    Article.objects.filter(pk=article.pk).update(category=category)
    moments = [0, 500_000, 1, 20]
    others = [
        factories.article(category=category, published_at=second - timedelta(microseconds=each))
        for each in moments
    ]
    shown = [row.pk for row in list_related(article)]
    assert shown == [others[index].pk for index in (0, 2, 3, 1)]


@pytest.mark.slow
def test_a_common_tag_takes_no_more_work():
    tag = Tag.objects.create(name="海", slug="sea")
    article = factories.article(title="起点")
    article.tags.add(tag)
    write_tagged(FEW, tag)
    small = measure_work(article)
    write_tagged(MANY, Tag.objects.create(name="港", slug="port"), tag)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    large = measure_work(article)
    assert large <= 1.5 * small + 3, (small, large)


def test_the_articles_that_share_most_tags_come_first_then_the_newest():
    names = ("海", "港", "船")
    tags = [Tag.objects.create(name=name, slug=f"t{n}") for n, name in enumerate(names)]
    article = factories.article(title="起点")
    article.tags.add(*tags)
    [most] = write_tagged(1, tags[2], *tags[:2])
    [less] = write_tagged(1, *tags[:2])
    one = write_tagged(9, tags[1])
    shown = [row.pk for row in list_related(article)]
    assert shown == [most.pk, less.pk, *(row.pk for row in reversed(one[-2:]))]


def test_an_article_is_found_by_any_of_its_tags(monkeypatch):
    monkeypatch.setattr(related, "OF_TAG", 3)
    rare, common = (Tag.objects.create(name=name, slug=name) for name in ("rare", "common"))
    article = factories.article(title="起点")
    article.tags.add(rare, common)
    [old] = write_tagged(1, rare)
    write_tagged(5, common)
    assert old.pk in [row.pk for row in list_related(article)]


def test_neither_drafts_nor_the_article_itself_are_related():
    article, draft = factories.article(title="起点"), factories.article(status="draft")
    for each in (article, draft):
        each.tags.add("海")
    assert list_related(article) == []
