"""Tags: a field that suggests names and creates new tags, and the admin of the tags."""

import json
import re
from urllib.parse import unquote

import taggit.admin  # noqa: F401 - registers its own admin, which ours replaces
from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteMixin
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.core.validators import ProhibitNullCharactersValidator
from django.db.models import Count, F, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import JsonResponse
from django.urls import path
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from taggit.models import Tag, TaggedItem

from articles.admin.term_merging import TermMerging
from articles.models import Article, Redirect, TagName
from articles.models.tag_name import build_tag_path, fold_name
from articles.tag_merging import list_tagged, merge_tags

SEPARATORS = [",", "、", "，"]
LENGTH = Tag._meta.get_field("name").max_length
SUGGESTIONS = 20


class TagsWidget(AutocompleteMixin, forms.SelectMultiple):
    """A list of tag names with suggestions; new names can be typed."""

    url_name = "%s:taggit_tag_names"

    def build_attrs(self, base_attrs, extra_attrs=None):
        attrs = super().build_attrs(base_attrs, extra_attrs)
        return attrs | {
            "data-placeholder": _("Add a tag"),
            "data-tags": "true",
            "data-token-separators": json.dumps(SEPARATORS),
        }

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
            names.setdefault(fold_name(name), name)
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
        initial_names = {fold_name(name) for name in self.prepare_value(initial)}
        return initial_names != {fold_name(name) for name in self.to_python(data)}


class TagForm(forms.ModelForm):
    """Refuses the name of another tag, in any spelling, and an address that leads elsewhere."""

    def clean_name(self):
        name = " ".join(self.cleaned_data["name"].split())
        taken = TagName.objects.filter(folded=fold_name(name)).exclude(tag=self.instance.pk)
        if other := taken.select_related("tag").first():
            raise ValidationError(
                _("The tag “%(name)s” has this name already. Merge the two instead."),
                code="unique",
                params={"name": other.tag.name},
            )
        if not slugify(name, allow_unicode=True):
            raise ValidationError(
                _("The tag “%(name)s” needs at least one letter or digit."), params={"name": name}
            )
        return name

    def clean_slug(self):
        slug = self.cleaned_data["slug"]
        redirect = Redirect.objects.for_path(build_tag_path(slug))
        if redirect and slug != self.instance.slug and redirect.tag_id != self.instance.pk:
            raise ValidationError(
                _("Old links to this address lead to %(path)s. Choose another one."),
                code="redirect",
                params={"path": unquote(redirect.destination or redirect.path)},
            )
        return slug


class OtherNameInline(admin.TabularInline):
    """The names of a tag that are not shown."""

    model = TagName
    verbose_name_plural = _("Other names, which also find this tag")
    fields = ["name"]
    extra = 0

    def get_queryset(self, request):
        return super().get_queryset(request).exclude(name=F("tag__name")).order_by("name")

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("taggit.view_tag")

    def has_delete_permission(self, request, obj=None):
        return request.user.has_perm("taggit.change_tag")


admin.site.unregister(Tag)


@admin.register(Tag)
class TagAdmin(TermMerging):
    actions = ["merge"]
    form = TagForm
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

    def merge_terms(self, kept, others):
        return merge_tags(kept, others)

    def count_articles(self, terms):
        return len(list_tagged(terms))

    def get_inlines(self, request, obj):
        has_others = obj and obj.spellings.exclude(name=obj.name).exists()
        return [OtherNameInline] if has_others else []

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
        text = request.GET.get("term", "").replace("\0", "")
        tags = TagName.objects.list_tags(text).order_by("name")
        page = Paginator(tags, SUGGESTIONS).get_page(request.GET.get("page"))
        results = [{"id": tag.name, "text": tag.name} for tag in page]
        return JsonResponse({"results": results, "pagination": {"more": page.has_next()}})

    def get_search_results(self, request, queryset, search_term):
        """Find tags by all their names, in any spelling."""
        found = TagName.objects.list_tags(search_term.replace("\0", ""))
        return (queryset.filter(pk__in=found.values("pk")) if search_term else queryset), False

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
            Redirect.objects.remember(build_tag_path(old_slug), tag=obj)
