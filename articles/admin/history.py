"""The history of an article in the admin: its changes, and how to revert them.

Reverting restores the content of a revision with its tags, bylines, sources and related articles.
The state, dates, author and address of the article stay unchanged.
"""

from datetime import datetime
from html import unescape
from itertools import pairwise

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.formats import date_format
from django.utils.html import strip_tags
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from simple_history.admin import SimpleHistoryAdmin
from simple_history.manager import SIMPLE_HISTORY_REVERSE_ATTR_NAME
from simple_history.template_utils import HistoricalRecordContextHelper

from articles.admin.editor import add_nonce, allow_editor
from articles.web.paging import read_integer

# A revision never brings these fields back.
UNREVERTED = (
    *("kind", "status", "slug", "author_id", "featured", "published_at", "expires_at"),
    *("featured_until", "breaking_until"),
    *("withdrawal_note", "created_at", "updated_at", "corrections", "return_note"),
    *("trashed_from", "trashed_at"),
)
LABELS = {
    "tags": _("tags"),
    "credits": _("bylines"),
    "sources": _("sources"),
    "related": _("related articles"),
}


def is_revision(article):
    """Whether an article was built from a revision and not from its row."""
    return hasattr(article, SIMPLE_HISTORY_REVERSE_ATTR_NAME)


def read_snapshot(article):
    """Return the snapshot of the revision that an article was built from."""
    return getattr(article, SIMPLE_HISTORY_REVERSE_ATTR_NAME).snapshot


def prepare_revision(article, stored):
    """Give an article built from a revision the fields that are never reverted, from its row.

    Returns initial values for the form. Other articles are not changed.
    """
    if stored is None or not is_revision(article):
        return {}
    for name in UNREVERTED:
        setattr(article, name, getattr(stored, name))
    snapshot = read_snapshot(article)
    return {"tags": snapshot["tags"]} if "tags" in snapshot else {}


def list_names(entries):
    """Return the names in a part of a snapshot as one text."""
    return ", ".join(entry if isinstance(entry, str) else entry["title"] for entry in entries)


class ReadableChanges(HistoricalRecordContextHelper):
    """Shows changes as editors read them: labels, local dates, texts without HTML."""

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


class ArticleHistory(SimpleHistoryAdmin):
    """The history of an article, for users who may change the article."""

    object_history_list_template = "admin/articles/article/_revisions.html"
    object_history_form_template = "admin/articles/article/revision.html"

    def history_view(self, request, object_id, extra_context=None):
        self._find_article_or_404(request, object_id)
        return super().history_view(request, object_id, extra_context)

    @allow_editor
    def history_form_view(self, request, object_id, version_id, extra_context=None):
        article = self._find_article_or_404(request, object_id)
        if not self.has_change_permission(request, article):
            raise PermissionDenied
        revision = get_object_or_404(article.history, pk=read_integer(version_id))
        snapshot = revision.snapshot
        parts = [(LABELS[name], list_names(snapshot[name])) for name in LABELS if name in snapshot]
        context = {"parts": parts, "revision": revision, "model_opts": self.opts}
        with transaction.atomic():
            return super().history_form_view(
                request, object_id, version_id, context | (extra_context or {})
            )

    def render_history_view(self, request, template, context, **kwargs):
        if "media" in context:
            context["media"] = add_nonce(context["media"], request)
        return super().render_history_view(request, template, context, **kwargs)

    def get_historical_record_context_helper(self, request, historical_record):
        return ReadableChanges(self.model, historical_record)

    def set_history_delta_changes(self, request, historical_records, foreign_keys_are_objs=True):
        """Add the changes between the snapshots."""
        super().set_history_delta_changes(request, historical_records, foreign_keys_are_objs)
        for newer, older in pairwise(historical_records):
            newer.history_delta_changes += list_differences(older.snapshot, newer.snapshot)

    def _find_article_or_404(self, request, object_id):
        article = self.get_object(request, unquote(object_id))
        if article is None:
            raise Http404
        return article


def list_differences(old, new):
    """Return the changes between two snapshots in the form of django-simple-history."""
    return [
        {"field": capfirst(label), "old": list_names(old[name]), "new": list_names(new[name])}
        for name, label in LABELS.items()
        if name in old and name in new and old[name] != new[name]
    ]
