"""Suggestions of related articles in the form: asked for by its script, or by a button.

Without scripts a button sends the form, which comes back with all that was typed, unsaved.
"""

from copy import copy

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from articles.admin.autosave import answer_script, read_fields
from articles.admin.form_rows import MOST, read_rows
from articles.admin.restoring import RestoredFields, build_query
from articles.admin.tags import TagsField
from articles.models import Article
from articles.search.texts import extract_text
from articles.suggestions import suggest_related
from articles.web.paging import read_integer

SUGGEST, RELATE = "_suggest", "_relate"  # the names of the buttons
PREFIX = "related_links"  # of the inline
LONGEST_BODY = 200_000  # characters that are looked at
TEMPLATE = "admin/articles/article/_suggestions.html"


class Suggesting(admin.ModelAdmin):
    """Comes first among the bases of the admin: what it keeps of a form is what the form shows."""

    def get_urls(self):
        view = self.suggest
        return [
            path("related/", view, name="articles_article_suggest_new"),
            path("<path:object_id>/related/", view, name="articles_article_suggest"),
            *super().get_urls(),
        ]

    @method_decorator([never_cache, require_POST])
    @answer_script
    def suggest(self, request, object_id=None):
        """Return the suggestions for the fields of a form as HTML."""
        article = None if object_id is None else self.get_object(request, unquote(object_id))
        if object_id is None:
            is_allowed = self.has_add_permission(request)
        else:
            is_allowed = article is not None and self.has_change_permission(request, article)
        if not is_allowed:
            raise PermissionDenied
        fields = build_query(read_fields(request.POST))
        return render(request, TEMPLATE, {"suggestions": suggest_for(fields, article)})

    # Without scripts

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if request.method == "POST" and not {SUGGEST, RELATE}.isdisjoint(request.POST):
            request = self._keep_fields(request)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def _keep_fields(self, request):
        """Return the request as one that shows the form with its fields, and saves nothing."""
        fields = RestoredFields(read_fields(request.POST))
        for name in (SUGGEST, RELATE):
            fields.pop(name, None)
        if chosen := self._find_chosen(request):
            _add_row(fields, chosen.pk)
            message = _("“%(title)s” was added. It is saved with the article.")
            self.message_user(request, message % {"title": chosen}, messages.INFO)
        shown = copy(request)
        shown.method, shown.kept_fields = "GET", fields
        shown.GET = request.GET.copy()
        shown.GET.pop("copy", None)
        shown.GET["saved"] = ""  # no working copy: these words are newer
        return shown

    def _find_chosen(self, request):
        """Return the article of the button that was pressed, if it may be linked to."""
        pk = read_integer(request.POST.get(RELATE, ""))
        return pk and Article.objects.linkable_by(request.user).filter(pk=pk).first()

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        if fields := getattr(request, "kept_fields", None):
            form.restored = fields
        return form

    def get_formset_kwargs(self, request, obj, inline, prefix):
        kwargs = super().get_formset_kwargs(request, obj, inline, prefix)
        if fields := getattr(request, "kept_fields", None):
            kwargs |= {"data": fields, "files": {}}
        return kwargs

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        args = [obj.pk] if obj and obj.pk else []
        fields = getattr(request, "kept_fields", None)
        context |= {
            "suggest_url": reverse(
                f"admin:articles_article_suggest{'' if args else '_new'}", args=args
            ),
            "suggestions": suggest_for(fields, obj) if fields else None,
        }
        return super().render_change_form(request, context, add, change, form_url, obj)


def suggest_for(fields, article):
    """Return the suggestions for the fields of a form, without the article and what it names."""
    chosen = {read_integer(row.get("related") or "") for row in read_rows(fields, PREFIX)}
    return suggest_related(
        title=fields.get("title", ""),
        text="\n".join(
            [fields.get("lead", ""), extract_text(fields.get("body", "")[:LONGEST_BODY])]
        ),
        tags=TagsField().to_python(fields.getlist("tags")),
        without={*chosen, article and article.pk},
    )


def _add_row(fields, pk):
    """Add an article to the rows of the inline unless it is there, as the last one."""
    rows = read_rows(fields, PREFIX)
    if any(read_integer(row.get("related") or "") == pk for row in rows):
        return
    total = read_integer(fields.get(f"{PREFIX}-TOTAL_FORMS", "")) or 0
    if total >= MOST:
        return
    fields[f"{PREFIX}-{total}-related"] = str(pk)
    fields[f"{PREFIX}-{total}-id"] = fields[f"{PREFIX}-{total}-position"] = ""
    fields[f"{PREFIX}-TOTAL_FORMS"] = str(total + 1)
