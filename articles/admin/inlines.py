"""The ordered inlines of an article: sources and related articles."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.forms.widgets import Script
from django.utils.translation import gettext_lazy as _

from articles.admin.autocomplete import AutocompleteFields
from articles.admin.restoring import RestorableForm, RestorableFormSet
from articles.models import Article, ArticleSource, Credit, RelatedArticle


def remove_links(field, *, add=False):
    """Remove the links beside a field that change, delete, view or add its choices."""
    for link in ("change", "delete", "view"):
        setattr(field.widget, f"can_{link}_related", False)
    if not add:
        field.widget.can_add_related = False
    return field


class OrderedForm(RestorableForm, forms.ModelForm):
    """A row whose position may be empty; it then goes to the end."""

    position = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=32_767,
        label=ArticleSource._meta.get_field("position").verbose_name,
        widget=forms.NumberInput(attrs={"class": "ordered__position"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            self.initial.pop("position", None)


class RelatedForm(OrderedForm):
    def clean_related(self):
        related = self.cleaned_data["related"]
        if related.pk == self.instance.article_id:
            raise ValidationError(_("An article cannot be related to itself."), code="itself")
        return related


class OrderedFormSet(RestorableFormSet, forms.models.BaseInlineFormSet):
    """Rows ordered by position; those without one follow in the order of the form."""

    def clean(self):
        super().clean()
        rows = [
            form
            for form in self.forms
            if form.is_valid() and form not in self.deleted_forms and form.has_changed()
        ]
        stored = [form for form in self.initial_forms if form not in self.deleted_forms]
        positions = [form.cleaned_data.get("position") or 0 for form in (*stored, *rows)]
        last = max(positions, default=0)
        for form in rows:
            if form.cleaned_data.get("position") is None:
                last += 1
                form.instance.position = last


class OrderedInline(admin.TabularInline):
    """Rows with buttons that move them.

    django-admin-ordering cannot replace it: its arrows have no accessible name and take no
    keyboard focus, and it numbers empty rows, which the form then refuses.
    """

    form = OrderedForm
    formset = OrderedFormSet
    template = "admin/articles/article/_rows.html"
    classes = ["ordered"]
    extra = 0

    class Media:
        js = [Script("admin_newsroom/ordered.js", type="module")]


class SourceInline(OrderedInline):
    model = ArticleSource
    description = _("Documents and pages that the text rests on; readers see them at its end.")
    fields = ["title", "publisher", "url", "position"]
    formfield_overrides = {
        models.URLField: {
            "assume_scheme": "https",
            "widget": forms.URLInput(attrs={"class": "vURLField"}),
        }
    }


class CreditInline(AutocompleteFields, OrderedInline):
    model = Credit
    fields = ["byline", "part", "position"]
    autocomplete_fields = ["byline"]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        return remove_links(field, add=db_field.name == "byline")


class RelatedInline(AutocompleteFields, OrderedInline):
    model = RelatedArticle
    template = "admin/articles/article/_related.html"
    classes = ["ordered", "open"]
    description = _("Shown under the text, in this order. Others follow by their tags.")
    form = RelatedForm
    fk_name = "article"
    fields = ["related", "position"]
    autocomplete_fields = ["related"]

    class Media:
        js = [Script("admin_newsroom/saving/suggestions.js", type="module")]

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "related":
            kwargs["queryset"] = Article.objects.linkable_by(request.user)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        return remove_links(super().formfield_for_dbfield(db_field, request, **kwargs))
