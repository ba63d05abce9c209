"""The part of a revision that django-simple-history leaves out, and the way back to a revision.

The history stores the article's own fields. Tags, other categories, bylines, sources and related
articles are stored beside them, as the ``snapshot`` of the revision.
"""

from functools import partial

from django.db.models import ForeignKey
from django.utils import timezone

from articles.workflow import Status

SOURCE_FIELDS = ("title", "publisher", "url", "position")
REASON_LENGTH = 100  # characters; the column of django-simple-history
# What an article keeps when a revision is restored: its state, its dates, its address.
UNRESTORED = {
    *("id", "kind", "status", "slug", "author", "featured", "published_at", "expires_at"),
    *("withdrawal_note", "created_at", "updated_at", "corrections", "corrected_at", "return_note"),
    *("trashed_from", "trashed_at", "featured_until", "breaking_until", "version"),
    "phrases",
}


def build_snapshot(article):
    """Return the tags, other categories, bylines, sources and related articles as JSON values."""
    signed = article.credits.values_list("byline_id", "part", "byline__name")
    related = article.related_links.values_list("related_id", "related__title")
    return {
        "tags": list(article.tags.names()),
        "other_categories": list(article.other_categories.values_list("pk", flat=True)),
        "credits": [{"byline": pk, "part": part, "title": name} for pk, part, name in signed],
        "sources": list(article.sources.values(*SOURCE_FIELDS)),
        "related": [{"pk": pk, "title": title} for pk, title in related],
    }


def store_snapshot(article):
    """Write the snapshot into the newest revision of an article whose parts are all saved."""
    revision = article.history.first()
    revision.snapshot = build_snapshot(article)
    revision.save(update_fields=["snapshot"])


def restore_snapshot(article, snapshot):
    """Replace the bylines, sources and related articles by those of a snapshot that still exist."""
    if "credits" in snapshot:
        _restore_credits(article, snapshot["credits"])
    if "sources" in snapshot:
        article.sources.all().delete()
        article.sources.bulk_create(
            article.sources.model(article=article, **source) for source in snapshot["sources"]
        )
    if "related" in snapshot:
        keys = [entry["pk"] for entry in snapshot["related"]]
        existing = type(article).objects.in_bulk(keys)
        article.related_links.all().delete()
        article.related_links.bulk_create(
            article.related_links.model(article=article, related_id=pk, position=position)
            for position, pk in enumerate((pk for pk in keys if pk in existing), start=1)
        )


def _restore_credits(article, entries):
    model = article.credits.model
    bylines = model._meta.get_field("byline").related_model.objects
    existing = bylines.in_bulk({entry["byline"] for entry in entries})
    article.credits.all().delete()
    article.credits.bulk_create(
        model(article=article, byline_id=pk, part=entry["part"], position=position)
        for position, entry in enumerate(entries, start=1)
        if (pk := entry["byline"]) in existing
    )


def restore_revision(article, revision, *, by, reason=""):
    """Save the content of a revision as a new one. State, dates and address stay.

    A category or picture that is gone stays as it is now. Raises ``NotReady`` if a public article
    would lack something.
    """
    for field in list_restored(article):
        value = getattr(revision, field.attname)
        if exists(field, value):
            setattr(article, field.attname, value)
    if article.status == Status.PUBLISHED:
        article.updated_at = timezone.now()
    article._history_user, article._change_reason = by, reason or None
    article.save_whole(partial(restore_parts, article, revision.snapshot))


def list_restored(article):
    """Return the fields that a revision brings back."""
    fields = {field.name for field in article._meta.concrete_fields} - UNRESTORED
    return [field for field in article.history.model.tracked_fields if field.name in fields]


def exists(field, key):
    """Whether a key may be the value of a field: the row that it names is not gone."""
    if key is None or not isinstance(field, ForeignKey):
        return True
    return field.related_model._base_manager.filter(pk=key).exists()


def restore_parts(article, snapshot):
    if "tags" in snapshot:
        article.tags.set(snapshot["tags"])
    if "other_categories" in snapshot:
        categories = article.other_categories.model.objects
        article.other_categories.set(categories.filter(pk__in=snapshot["other_categories"]))
    restore_snapshot(article, snapshot)
