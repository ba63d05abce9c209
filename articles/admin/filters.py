"""Filters of the list of articles."""

from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models import Article, Category


class StateFilter(admin.SimpleListFilter):
    """The state as an editor sees it: what is published may be scheduled or expired."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [
            ("draft", Article.Status.DRAFT.label),
            ("review", Article.Status.REVIEW.label),
            ("scheduled", _("Scheduled")),
            ("public", _("Public")),
            ("expired", _("Expired")),
            ("withdrawn", Article.Status.WITHDRAWN.label),
        ]

    def queryset(self, request, queryset):
        now = timezone.now()
        published = queryset.filter(status=Article.Status.PUBLISHED)
        match self.value():
            case "draft" | "review" | "withdrawn" as status:
                return queryset.filter(status=status)
            case "scheduled":
                return published.filter(published_at__gt=now)
            case "public":
                return queryset.published()
            case "expired":
                return published.filter(expires_at__lte=now)
        return queryset


class CategoryFilter(admin.SimpleListFilter):
    """A category with all below it, and what is listed there besides."""

    title = _("category")
    parameter_name = "category"

    def lookups(self, request, model_admin):
        return [
            (str(category.pk), f"{'　' * category.level}{category.name}")
            for category in Category.objects.all()
        ]

    def queryset(self, request, queryset):
        chosen = self.value() or ""
        category = Category.objects.filter(pk=chosen).first() if chosen.isdecimal() else None
        return queryset.in_category(category) if category else queryset
