"""Two editors who merge at the same moment: one of them is first, and nothing is lost."""

import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from taggit.models import Tag

from articles.category_merging import merge_categories
from articles.models import Article, ArticleChange, Category, TagName, WorkingCopy
from articles.models.article_change import read_content
from articles.tag_merging import merge_tags
from tests import factories, staff

pytestmark = pytest.mark.django_db(transaction=True)


def run_at_once(*calls):
    """Run calls in threads of their own; return what each returned or raised."""
    results, gate = [None] * len(calls), threading.Barrier(len(calls))

    def run(index):
        gate.wait()
        try:
            results[index] = calls[index]()
        except ValidationError as refusal:
            results[index] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[index]) for index in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


def test_tags_that_are_merged_into_each_other():
    article = factories.article()
    article.tags.add("港", "海")
    one, two = Tag.objects.order_by("pk")
    results = run_at_once(
        lambda: merge_tags(one.pk, [two.pk]), lambda: merge_tags(two.pk, [one.pk])
    )
    assert sum(isinstance(result, ValidationError) for result in results) == 1
    [kept] = Tag.objects.all()
    assert list(article.tags.all()) == [kept]
    assert {name.tag for name in TagName.objects.all()} == {kept}


def test_categories_that_are_merged_into_each_other():
    one, two = factories.category("港"), factories.category("海")
    factories.category("岸壁", parent=one)
    for category in (one, two):
        factories.article(category=category)
    results = run_at_once(
        lambda: merge_categories(one.pk, [two.pk]), lambda: merge_categories(two.pk, [one.pk])
    )
    assert sum(isinstance(result, ValidationError) for result in results) == 1
    kept, part = Category.objects.order_by("lft")
    assert (part.name, part.parent) == ("岸壁", kept)
    assert {article.category for article in Article.objects.all()} == {kept}


def test_spellings_that_are_typed_at_once():
    articles = [factories.article() for _number in range(4)]
    spellings = ["AI", "ＡＩ", "ai", "ａｉ"]
    run_at_once(
        *(
            lambda article=article, name=name: article.tags.add(name)
            for article, name in zip(articles, spellings, strict=True)
        )
    )
    [tag] = Tag.objects.all()
    assert all(list(article.tags.all()) == [tag] for article in articles)


@pytest.mark.postgresql  # SQLite has one writer at a time
def test_an_article_that_is_saved_beside_a_merge_gets_the_kept_tag():
    kept, other = Tag.objects.create(name="港湾"), Tag.objects.create(name="港")
    article = factories.article()
    merging = threading.Thread(target=run_at_once, args=[lambda: merge_tags(kept.pk, [other.pk])])
    with transaction.atomic():
        article.tags.add("港")
        merging.start()
        merging.join(0.5)
        assert merging.is_alive()  # it waits for this transaction
    merging.join(30)
    assert list(article.tags.all()) == [kept]


@pytest.mark.postgresql  # SQLite has one writer at a time
def test_words_that_are_saved_beside_a_merge_stay():
    kept, other = factories.category("海"), factories.category("港")
    form = {"user": factories.user("writer"), "article": None, "page": "a-page-of-words"}
    words = {"category": [str(other.pk)], "title": ["旧い題"]}
    WorkingCopy.objects.save_words(words, base=None, **form)
    merging = threading.Thread(
        target=run_at_once, args=[lambda: merge_categories(kept.pk, [other.pk])]
    )
    with transaction.atomic():
        WorkingCopy.objects.save_words(words | {"title": ["新しい題"]}, base=None, **form)
        merging.start()
        merging.join(0.5)
        assert merging.is_alive()  # it waits for this transaction
    merging.join(30)
    fields = {"category": [str(kept.pk)], "title": ["新しい題"]}
    assert WorkingCopy.objects.get().fields == fields


def merge_directly(kept, other):
    return merge_categories(kept.pk, [other.pk])


def merge_in_the_admin(kept, other):
    browser = staff.browser_of(staff.editor())
    chosen = {"_selected_action": [kept.pk, other.pk], "seen": f"{kept.pk},{other.pk}"}
    fields = {"action": "merge", "index": "0", "kept": kept.pk, **chosen}
    return browser.post("/admin/articles/category/", fields)


@pytest.mark.postgresql  # SQLite has one writer at a time
@pytest.mark.parametrize("merge", [merge_directly, merge_in_the_admin])
@pytest.mark.parametrize("is_filed", [True, False])
def test_an_editor_who_files_an_article_beside_a_merge_is_no_deadlock(merge, is_filed):
    kept, other, third = (factories.category(name) for name in ("海", "港", "空"))
    article = factories.article(category=other if is_filed else third)
    if not is_filed:  # a draft change that names the category
        change = ArticleChange(article=article)
        change.save_content(read_content(article), fields={}, by=None)
    merging = threading.Thread(target=run_at_once, args=[lambda: merge(kept, other)])
    with transaction.atomic():
        article = Article.objects.select_for_update().get(pk=article.pk)
        ArticleChange.objects.select_for_update().filter(article=article).first()
        merging.start()
        merging.join(0.5)
        assert merging.is_alive()  # it waits for this transaction
        article.category = kept
        article.save()
    merging.join(30)
    assert set(Category.objects.all()) == {kept, third}
    assert Article.objects.get().category == kept
