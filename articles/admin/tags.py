"""Tags: a field that suggests names and creates new tags, and the admin of the tags."""

import json
import re

import taggit.admin  # noqa: F401 - registers its own admin, which ours replaces
from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteMixin
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.core.validators import ProhibitNullCharactersValidator
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import JsonResponse
from django.urls import path, reverse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from taggit.models import Tag, TaggedItem

from articles.models import Article, Redirect

SEPARATORS = [",", "、", "，"]
LENGTH = Tag._meta.get_field("name").max_length
SUGGESTIONS = 20


class TagsWidget(AutocompleteMixin, forms.SelectMultiple):
    """A list of tag names with suggestions; new names can be typed."""

    url_name = "%s:taggit_tag_names"

    def build_attrs(self, base_attrs, extra_attrs=None):
        attrs = super().build_attrs(base_attrs, extra_attrs)
        return attrs | {"data-tags": "true", "data-token-separators": json.dumps(SEPARATORS)}

    def optgroups(self, name, value, attrs=None):
        options = [
            self.create_option(name, tag, tag, True, index) for index, tag in enumerate(value)
        ]
        return [(None, options, 0)]


class TagsField(forms.Field):
    """The names of the tags of an article as a list, each once."""

    refuse_nul = ProhibitNullCharactersValidator()

    def to_python(self, value):
        values = value if isinstance(value, list | tuple) else [value or ""]
        parts = re.split(f"[{''.join(SEPARATORS)}\n]", "\n".join(map(str, values)))
        names = {}
        for name in (" ".join(part.split()) for part in parts):
            names.setdefault(name.casefold(), name)
        return [name for name in names.values() if name]

    def validate(self, value):
        super().validate(value)
        for name in value:
            self.refuse_nul(name)
            if len(name) > LENGTH:
                raise ValidationError(
                    _("The tag “%(name)s…” is too long."), params={"name": name[:20]}
                )
            if not slugify(name, allow_unicode=True):
                raise ValidationError(
                    _("The tag “%(name)s” needs at least one letter or digit."),
                    params={"name": name},
                )

    def prepare_value(self, value):
        return [getattr(tag, "name", tag) for tag in value or []]

    def has_changed(self, initial, data):
        initial_names = {name.casefold() for name in self.prepare_value(initial)}
        return initial_names != {name.casefold() for name in self.to_python(data)}


admin.site.unregister(Tag)


@admin.register(Tag)
class TagAdmin(admin.ModelAdmin):
    list_display = ["name", "slug", "article_count"]
    search_fields = ["name"]
    ordering = ["name"]
    list_per_page = 50
    show_full_result_count = False
    prepopulated_fields = {"slug": ["name"]}

    def get_queryset(self, request):
        links = TaggedItem.objects.filter(tag=OuterRef("pk")).order_by().values("tag")
        count = links.annotate(count=Count("pk")).values("count")
        return super().get_queryset(request).annotate(article_count=Coalesce(Subquery(count), 0))

    @admin.display(description=_("articles"), ordering="article_count")
    def article_count(self, tag):
        return tag.article_count

    def get_urls(self):
        names = path("names/", self.admin_site.admin_view(self.names), name="taggit_tag_names")
        return [names, *super().get_urls()]

    def names(self, request):
        """Suggest tags whose name contains the typed text."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        tags = Tag.objects.filter(name__icontains=request.GET.get("term", "")).order_by("name")
        page = Paginator(tags, SUGGESTIONS).get_page(request.GET.get("page"))
        results = [{"id": tag.name, "text": tag.name} for tag in page]
        return JsonResponse({"results": results, "pagination": {"more": page.has_next()}})

    def delete_model(self, request, obj):
        self.delete_queryset(request, Tag.objects.filter(pk=obj.pk))

    def delete_queryset(self, request, queryset):
        """Delete tags, and write the search entries of their articles again."""
        articles = list(Article.objects.filter(tags__in=queryset).values_list("pk", flat=True))
        super().delete_queryset(request, queryset)
        Article.objects.filter(pk__in=articles).index()

    def save_model(self, request, obj, form, change):
        """Save a tag, redirect its old address, and write the search entries of its articles."""
        old_slug = form.initial.get("slug") if change else None
        super().save_model(request, obj, form, change)
        if change:
            Article.objects.filter(tags=obj).index()
        if old_slug and old_slug != obj.slug:
            Redirect.objects.remember(reverse("articles:tag", args=[old_slug]), tag=obj)
