"""Duplicates: drafts with all that an article has, but for its address, its dates, its readers."""

from articles.models import Article
from articles.revisions import UNRESTORED, build_snapshot, restore_parts
from articles.slugs import find_free_slug

# What a duplicate begins anew: state, address, dates, notes, and its place in the series.
FRESH = (UNRESTORED - {"kind", "author"}) | {"series_number"}


def duplicate_article(article, *, by):
    """Return a new draft like an article, with the same author."""
    fields = [field for field in Article._meta.concrete_fields if field.name not in FRESH]
    copy = Article(**{field.attname: getattr(article, field.attname) for field in fields})
    copy.slug = find_free_slug(article.title, among=Article.objects.all(), fallback="article")
    copy._history_user = by
    snapshot = build_snapshot(article)
    copy.save_whole(lambda: restore_parts(copy, snapshot))
    return copy
