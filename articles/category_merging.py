"""Merging of categories: articles, addresses and parts of several become those of one."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from articles.models import Article, ArticleChange, Category, Redirect, WorkingCopy
from articles.tag_merging import GoneMeanwhile

LISTED = Article.other_categories.through
NAMES = {"category", "other_categories"}  # fields of the form that name categories
KEYS = {"category_id", "others", "other_categories"}  # the same in snapshots and draft changes
BATCH = 500


def merge_categories(kept, others):
    """Merge categories into ``kept``, by their primary keys; return (kept category, number of
    articles moved).

    What is below them moves below the kept one, which leaves a branch that is merged into it. Their
    pages and feeds redirect. Raises ``ValidationError`` if one of them is gone or there is nothing
    to merge; then nothing has changed.
    """
    others = set(others) - {kept}
    if not others:
        raise ValidationError(_("Choose at least two that differ."), code="single")
    with transaction.atomic():
        _lock_articles(others)
        tree = Category.objects.select_for_update().order_by("pk")
        rows = {category.pk: category for category in tree}  # moves change all edges
        if not rows.keys() >= {kept, *others}:
            raise GoneMeanwhile
        articles = list_filed(others)
        with ArticleChange.objects.following(articles):
            for pk in others:
                _empty_branch(kept, pk)
            _move_articles(kept, others)
            _rewrite_words(kept, others)
            _move_addresses(rows[kept], [rows[pk] for pk in others])
            for pk in others:
                Category.objects.get(pk=pk).delete()
        Article.objects.filter(pk__among=articles).raise_versions()
    return Category.objects.get(pk=kept), len(articles)


def list_filed(categories):
    """Return the primary keys of the articles that are in some categories or listed in them too."""
    own = Article.objects.order_by().filter(category__in=categories).values_list("pk", flat=True)
    listed = LISTED.objects.filter(category__in=categories).values_list("article_id", flat=True)
    return sorted({*own, *listed})


def _lock_articles(categories):
    """Lock the articles that a merge changes, and those whose draft changes it rewrites. Editors
    lock an article and then its category; a merge that took the tree first would wait for them
    while they wait for it."""
    changed = ArticleChange.objects.values_list("article_id", flat=True)
    pks = sorted({*list_filed(categories), *changed})
    list(Article.objects.order_by("pk").filter(pk__among=pks).select_for_update().values_list("pk"))


def _empty_branch(kept, pk):
    """Move what is below a category below the kept one; mptt reads edges, so each row anew."""
    merged = Category.objects.get(pk=pk)
    target = Category.objects.get(pk=kept)
    if target.is_descendant_of(merged):
        target.move_to(merged, "left")
    for child in Category.objects.filter(parent=pk).order_by("lft").values_list("pk", flat=True):
        Category.objects.get(pk=child).move_to(Category.objects.get(pk=kept), "last-child")


def _move_articles(kept, others):
    """Give each article the kept category once, as its main one or listed in it too."""
    Article.objects.filter(category__in=others).update(category=kept)
    Article.history.model.objects.filter(category_id__in=others).update(category_id=kept)
    links = LISTED.objects.filter(category__in=others)
    same = LISTED.objects.filter(article=OuterRef("article"))
    is_earlier = Q(category=kept) | Q(category__in=others, pk__lt=OuterRef("pk"))
    links.filter(Exists(same.filter(is_earlier))).delete()
    links.update(category=kept)
    is_main = Article.objects.order_by().filter(pk=OuterRef("article"), category=kept)
    LISTED.objects.filter(Exists(is_main), category=kept).delete()


def _move_addresses(category, merged):
    """Redirect to the category what led to the merged ones, in one hop."""
    Redirect.objects.filter(category__in=merged).update(category=category)
    for other in merged:
        path = other.get_absolute_url()
        Redirect.objects.lead_on(path, category=category)
        Redirect.objects.remember(path, category=category)


# Words that are not saved yet, and snapshots of revisions, name categories by key


def _rewrite_words(kept, others):
    """Rewrite words under their locks: what is saved meanwhile is not to be replaced by these."""
    for change in ArticleChange.objects.select_for_update().order_by("pk"):
        change.content = replace_keys(change.content, kept, others)
        change.fields = replace_fields(change.fields, kept, others)
        change.save(update_fields=["content", "fields"])
    copies = []
    for words in WorkingCopy.objects.select_for_update().order_by("pk").iterator():
        fields = replace_fields(words.fields, kept, others)
        if fields != words.fields:
            words.fields = fields
            copies.append(words)
    WorkingCopy.objects.bulk_update(copies, ["fields"])
    _rewrite_snapshots(kept, others)


def _rewrite_snapshots(kept, others):
    """Rewrite the snapshots with other categories; few have any."""
    revisions = Article.history.model.objects.alias(text=Cast("snapshot", TextField()))
    revisions = revisions.filter(text__contains='"other_categories": [')
    revisions = revisions.exclude(text__contains='"other_categories": []').only("snapshot")
    changed = []
    for revision in revisions.order_by().iterator():
        snapshot = replace_keys(revision.snapshot, kept, others)
        if snapshot != revision.snapshot:
            revision.snapshot = snapshot
            changed.append(revision)
    Article.history.model.objects.bulk_update(changed, ["snapshot"], batch_size=BATCH)


def replace_keys(content, kept, others):
    """Return the JSON of a snapshot or a draft change with the kept key for those of others."""
    if not isinstance(content, dict):
        return content
    return {
        name: _replace(value, kept, others) if name in KEYS else replace_keys(value, kept, others)
        for name, value in content.items()
    }


def replace_fields(fields, kept, others):
    """Return the fields of a form, {name: [texts]}, with the kept key for those of others."""
    keys = {str(pk) for pk in others}
    return {
        name: _replace(values, str(kept), keys) if name in NAMES else values
        for name, values in fields.items()
    }


def _replace(value, kept, others):
    if not isinstance(value, list):
        return kept if value in others else value
    return list(dict.fromkeys(kept if each in others else each for each in value))
