"""The admin of addresses that moved."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from articles.models import Redirect


@admin.register(Redirect)
class RedirectAdmin(admin.ModelAdmin):
    list_display = ["path", "target"]
    list_select_related = ["article", "category", "tag"]
    search_fields = ["path", "to_path", "article__title"]
    autocomplete_fields = ["article", "category", "tag"]
    list_per_page = 50
    ordering = ["-pk"]
    show_full_result_count = False

    @admin.display(description=_("leads to"))
    def target(self, redirect):
        return redirect.article or redirect.category or redirect.tag or redirect.to_path
