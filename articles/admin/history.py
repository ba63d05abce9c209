"""Revisions of an article: what changed, and the way back.

django-simple-history keeps the article's own fields. Tags, sources and related articles are kept
beside them in the revision's ``snapshot`` and come back with it. Going back restores what an
article says; its state, dates, author and address stay as they are.
"""

from datetime import datetime
from html import unescape

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.utils.formats import date_format
from django.utils.html import strip_tags
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from simple_history.admin import SimpleHistoryAdmin
from simple_history.manager import SIMPLE_HISTORY_REVERSE_ATTR_NAME
from simple_history.template_utils import HistoricalRecordContextHelper

from articles.admin.editor import allow_editor, with_nonce
from articles.models import Article

STANDING = (
    *("kind", "status", "slug", "author_id", "featured", "published_at", "expires_at"),
    *("withdrawal_note", "created_at", "updated_at"),
)
KEPT = {"tags": _("tags"), "sources": _("sources"), "related": _("related articles")}
SOURCE_FIELDS = ("title", "publisher", "url", "position")


def snapshot(article):
    """Return what a revision keeps beside the article's own fields."""
    related = article.related_links.values_list("related_id", "related__title")
    return {
        "tags": list(article.tags.names()),
        "sources": list(article.sources.values(*SOURCE_FIELDS)),
        "related": [{"pk": pk, "title": title} for pk, title in related],
    }


def keep_snapshot(article):
    """Write the snapshot into the newest revision, once everything is saved."""
    revision = article.history.first()
    revision.snapshot = snapshot(article)
    revision.save(update_fields=["snapshot"])


def restore(article, kept):
    """Give an article the sources and related articles of a snapshot, as far as they exist."""
    if "sources" in kept:
        article.sources.all().delete()
        article.sources.bulk_create(
            article.sources.model(article=article, **source) for source in kept["sources"]
        )
    if "related" in kept:
        wanted = [entry["pk"] for entry in kept["related"]]
        there = set(Article.objects.filter(pk__in=wanted).values_list("pk", flat=True))
        article.related_links.all().delete()
        article.related_links.bulk_create(
            article.related_links.model(article=article, related_id=pk, position=position)
            for position, pk in enumerate((pk for pk in wanted if pk in there), start=1)
        )


def is_revision(article):
    """Whether an article comes from its history, not from its row."""
    return hasattr(article, SIMPLE_HISTORY_REVERSE_ATTR_NAME)


def revived(instance, stored):
    """Prepare an instance that comes from a revision for the form; returns initial values.

    ``stored`` is the article as it stands. Any other instance is left alone.
    """
    if stored is None or not is_revision(instance):
        return {}
    for name in STANDING:
        setattr(instance, name, getattr(stored, name))
    revision = getattr(instance, SIMPLE_HISTORY_REVERSE_ATTR_NAME)
    return {"tags": revision.snapshot["tags"]} if "tags" in revision.snapshot else {}


def said(entries):
    """Return a part of a snapshot in words."""
    return ", ".join(entry if isinstance(entry, str) else entry["title"] for entry in entries)


class InWords(HistoricalRecordContextHelper):
    """Tells a difference as an editor would read it: labels, local dates, texts without tags."""

    def context_for_delta_changes(self, delta):
        changes = super().context_for_delta_changes(delta)
        return [change for change in changes if change["old"] != change["new"]]

    def prepare_delta_change_value(self, change, value):
        field = self.model._meta.get_field(change.field)
        if value is None:
            return ""
        if field.choices:
            return dict(field.flatchoices).get(value, value)
        if isinstance(value, datetime):
            return date_format(localtime(value), "DATETIME_FORMAT")
        if field.name == "body":
            return " ".join(unescape(strip_tags(value.replace("><", "> <"))).split())
        return super().prepare_delta_change_value(change, value)


class Revisions(SimpleHistoryAdmin):
    """The history of an article in its admin, for who works on it."""

    object_history_list_template = "admin/articles/article/_revisions.html"
    object_history_form_template = "admin/articles/article/revision.html"

    def history_view(self, request, object_id, extra_context=None):
        self._article_or_404(request, object_id)
        return super().history_view(request, object_id, extra_context)

    @allow_editor
    def history_form_view(self, request, object_id, version_id, extra_context=None):
        article = self._article_or_404(request, object_id)
        if not self.has_change_permission(request, article):
            raise PermissionDenied
        revision = article.history.filter(pk=version_id).first()
        if revision is None:
            raise Http404
        kept = revision.snapshot
        parts = [(label, said(kept[name])) for name, label in KEPT.items() if name in kept]
        context = {"kept": parts, "revision": revision, "model_opts": self.opts}
        with transaction.atomic():
            response = super().history_form_view(
                request, object_id, version_id, context | (extra_context or {})
            )
            if request.method == "POST" and response.status_code == 302:
                article.refresh_from_db()
                restore(article, kept)
                keep_snapshot(article)
                article.index()
        return response

    def render_history_view(self, request, template, context, **kwargs):
        if "media" in context:
            context["media"] = with_nonce(context["media"], request)
        return super().render_history_view(request, template, context, **kwargs)

    def get_historical_record_context_helper(self, request, historical_record):
        return InWords(self.model, historical_record)

    def set_history_delta_changes(self, request, historical_records, foreign_keys_are_objs=True):
        """Tell what changed in the snapshots too."""
        super().set_history_delta_changes(request, historical_records, foreign_keys_are_objs)
        records = list(historical_records)
        for newer, older in zip(records, records[1:], strict=False):
            newer.history_delta_changes = [
                *newer.history_delta_changes,
                *_differences(older.snapshot, newer.snapshot),
            ]

    def _article_or_404(self, request, object_id):
        article = self.get_object(request, unquote(object_id))
        if article is None:
            raise Http404
        return article


def _differences(old, new):
    for name, label in KEPT.items():
        if name in old and name in new and old[name] != new[name]:
            yield {"field": capfirst(label), "old": said(old[name]), "new": said(new[name])}
