"""Filters of the list of articles."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from articles.models import Article, Category, Credit
from articles.web.paging import read_integer
from articles.workflow import Status


class StateFilter(admin.SimpleListFilter):
    """The state as editors see it: a published article may be scheduled, public or expired."""

    title = _("status")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [
            ("draft", Status.DRAFT.label),
            ("review", Status.REVIEW.label),
            ("scheduled", _("Scheduled")),
            ("public", _("Live")),
            ("expired", _("Expired")),
            ("withdrawn", Status.WITHDRAWN.label),
            ("trash", Status.TRASH.label),
        ]

    def queryset(self, request, queryset):
        match self.value():
            case "draft" | "review" | "withdrawn" | "trash" as status:
                return queryset.filter(status=status)
            case "scheduled":
                return queryset.scheduled()
            case "public":
                return queryset.published()
            case "expired":
                return queryset.expired()
        return queryset.untrashed()


class CategoryFilter(admin.SimpleListFilter):
    """Articles of a category or of one below it, including those listed there additionally."""

    title = _("category")
    parameter_name = "category"

    def lookups(self, request, model_admin):
        return [
            (str(category.pk), f"{'　' * category.level}{category.name}")
            for category in Category.objects.all()
        ]

    def queryset(self, request, queryset):
        pk = read_integer(self.value() or "")
        category = Category.objects.filter(pk=pk).first() if pk else None
        return queryset.in_category(category) if category else queryset


class AuthorFilter(admin.RelatedFieldListFilter):
    """Articles of an author. Offers those who wrote one, without reading all articles."""

    def field_choices(self, field, request, model_admin):
        return [(user.pk, str(user)) for user in Article.objects.authors()]

    def queryset(self, request, queryset):
        """Those that an account wrote, and those that it signs beside others."""
        keys = set(map(read_integer, self.lookup_val or [])) - {None}
        if not keys:
            return super().queryset(request, queryset)
        own = Article.objects.order_by().filter(author__in=keys).values("pk")
        signed = Credit.objects.order_by().filter(byline__user__in=keys).values("article_id")
        return queryset.filter(pk__in=own.union(signed))
