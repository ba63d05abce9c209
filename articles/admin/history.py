"""The history of an article: its versions, two of which are compared, and the way back to one.

Beside the revisions there may be a draft change of the public text and own words that were not
saved yet.
"""

from urllib.parse import urlencode

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from articles.admin.version_list import CHANGE, COPY, Versions
from articles.comparison.comparing import Comparison
from articles.comparison.two_sides import read_article_side, read_revision_side
from articles.models import Article
from articles.revisions import REASON_LENGTH, restore_revision
from articles.web.paging import read_integer

PER_PAGE = 20
OLD, NEW, PAGE = "old", "new", "page"  # parameters


class ArticleHistory(admin.ModelAdmin):
    """For users who may see the article in the admin."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.revert_view)
        place = path(
            "<path:object_id>/history/<str:version>/", view, name="articles_article_revert"
        )
        return [place, *super().get_urls()]

    def history_view(self, request, object_id, extra_context=None):
        article = self._find_article_or_404(request, object_id)
        versions = Versions(article, request.user)
        page = Paginator(versions.revisions, PER_PAGE).get_page(request.GET.get(PAGE))
        rows = versions.list_rows(page, is_first=page.number == 1)
        old, new = self._choose_versions(request, versions)
        context = {
            "rows": rows,
            "page": page,
            "count": page.paginator.count,
            "old": old,
            "new": new,
            "comparison": old and new and Comparison(old.side, new.side).render(),
            "pages": urlencode({OLD: old.key, NEW: new.key}) if old and new else "",
            "may_restore": self.has_change_permission(request, article),
        }
        return self._render_history(
            request, article, "admin/articles/article/history.html", context
        )

    def _choose_versions(self, request, versions):
        """Return the versions to compare: the asked-for ones, else the newest and the one before.
        ``?new=change`` and ``?new=copy`` compare with the article as it is."""
        newest = versions.find_newest()
        new = versions.find(request.GET.get(NEW, "")) or newest
        old = versions.find(request.GET.get(OLD, ""))
        if old is None and new is not None:
            old = versions.find_before(new.revision) if new.revision else newest
        return old, new

    def revert_view(self, request, object_id, version):
        """Show what restoring a revision changes, and restore it."""
        article = self._find_article_or_404(request, object_id)
        if not self.has_change_permission(request, article):
            raise PermissionDenied
        revision = get_object_or_404(article.history, pk=read_integer(version))
        newest = article.history.values_list("pk", flat=True).first()
        errors, reason = [], request.POST.get("reason", "").strip()[:REASON_LENGTH]
        if request.method == "POST":
            errors = self._restore_version(request, article, revision, reason)
            if not errors:
                moment = date_format(localtime(revision.history_date), "DATETIME_FORMAT")
                text = _("The version of %(moment)s was restored as a new version.")
                self.message_user(request, text % {"moment": moment}, messages.SUCCESS)
                place = reverse("admin:articles_article_history", args=[article.pk])
                return HttpResponseRedirect(place)
            article = self._find_article_or_404(request, object_id)
        sides = read_article_side(article), read_restored_side(article, revision)
        context = {
            "version": Versions(article, request.user).describe(revision),
            "comparison": Comparison(*sides).render(),
            "errors": errors,
            "reason": reason,
            "reason_length": REASON_LENGTH,
            "seen": newest,
        }
        page = "admin/articles/article/revert.html"
        return self._render_history(request, article, page, context, status=409 if errors else 200)

    def _restore_version(self, request, article, revision, reason):
        """Restore a revision; return the sentences that say why not."""
        try:
            with transaction.atomic():
                article = Article.objects.select_for_update().get(pk=article.pk)
                newest = article.history.first()
                if read_integer(request.POST.get("seen", "")) != (newest and newest.pk):
                    return [_("The article was saved meanwhile. Look again at what changes.")]
                restore_revision(article, revision, by=request.user, reason=reason)
        except ValidationError as refusal:
            return refusal.messages
        self.log_change(request, article, [{"changed": {"fields": [_("Restored version")]}}])
        return []

    def _render_history(self, request, article, template, context, **kwargs):
        context |= {
            **self.admin_site.each_context(request),
            "article": article,
            "opts": self.opts,
            "change_key": CHANGE,
            "copy_key": COPY,
        }
        return render(request, template, context, **kwargs)

    def _find_article_or_404(self, request, object_id):
        article = self.get_object(request, unquote(object_id))
        if article is None or not self.has_view_permission(request, article):
            raise Http404
        return article


def read_restored_side(article, revision):
    """Return the article as it will be when a revision is restored."""
    now, then = read_article_side(article), read_revision_side(revision)
    return now.take_content(then)
