"""The list of articles in the admin: its columns, filters and search."""

from django.contrib import admin
from django.contrib.admin.filters import RelatedOnlyFieldListFilter
from django.db.models import F
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from articles.admin.filters import CategoryFilter, StateFilter
from articles.models import Article


class ArticleList(admin.ModelAdmin):
    list_display = ["title", "state", "category", "author", "published"]
    list_select_related = ["category", "author"]
    list_filter = [
        StateFilter,
        "kind",
        CategoryFilter,
        ("author", RelatedOnlyFieldListFilter),
        "featured",
        "published_at",
    ]
    list_per_page = 50
    date_hierarchy = "published_at"
    ordering = [F("published_at").desc(nulls_first=True), "-pk"]
    search_fields = ["title", "lead", "body"]

    def get_queryset(self, request):
        if is_autocomplete(request):
            articles = Article.objects.linkable_by(request.user)
        else:
            articles = Article.objects.changeable_by(request.user)
        return articles.order_by(*self.get_ordering(request))

    def get_search_fields(self, request):
        return ["title"] if is_autocomplete(request) else self.search_fields

    @admin.display(description=_("status"), ordering="status")
    def state(self, article):
        name, label = article.status, article.get_status_display()
        if article.is_scheduled:
            name, label = "scheduled", _("Scheduled")
        elif article.is_expired:
            name, label = "expired", _("Expired")
        return format_html('<span class="state state--{}">{}</span>', name, label)

    @admin.display(description=_("published at"), ordering="published_at")
    def published(self, article):
        at = article.published_at
        return date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT") if at else "–"


def is_autocomplete(request):
    return request.resolver_match is not None and request.resolver_match.url_name == "autocomplete"
