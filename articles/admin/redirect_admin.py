"""The admin of redirects."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from articles.admin.autocomplete import AutocompleteFields
from articles.models import Redirect
from articles.models.article_queryset import LONG_TEXTS
from articles.search import ARTICLE, KeyQuery
from articles.search.analysis import Query


class RedirectForm(forms.ModelForm):
    def clean_path(self):
        path = self.cleaned_data["path"]
        other = Redirect.objects.for_path(path)
        if other is not None and other.pk != self.instance.pk:
            raise ValidationError(_("This path already has a redirect."), code="unique")
        return path


@admin.register(Redirect)
class RedirectAdmin(AutocompleteFields, admin.ModelAdmin):
    form = RedirectForm
    list_display = ["path", "target"]
    list_select_related = ["article", "category", "tag"]
    search_fields = ["path", "to_path"]  # and the titles of articles, by the index
    autocomplete_fields = ["article", "category", "tag"]
    list_per_page = 50
    ordering = ["-pk"]
    show_full_result_count = False

    def get_queryset(self, request):
        return super().get_queryset(request).defer(*(f"article__{name}" for name in LONG_TEXTS))

    def get_search_results(self, request, queryset, search_term):
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        query = Query(search_term, typing=True)
        if query:
            title = KeyQuery(query, ARTICLE, in_title=True)
            found |= queryset.filter(article__matches=title)
        return found, may_repeat

    @admin.display(description=_("target"))
    def target(self, redirect):
        return redirect.article or redirect.category or redirect.tag or redirect.to_path
