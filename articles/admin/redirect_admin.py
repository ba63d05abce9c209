"""The admin of redirects."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from articles.admin.autocomplete import AutocompleteFields
from articles.models import Redirect


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
    search_fields = ["path", "to_path", "article__title"]
    autocomplete_fields = ["article", "category", "tag"]
    list_per_page = 50
    ordering = ["-pk"]
    show_full_result_count = False

    @admin.display(description=_("target"))
    def target(self, redirect):
        return redirect.article or redirect.category or redirect.tag or redirect.to_path
