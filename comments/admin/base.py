"""The base of the comments' admin pages. They add, change and delete no row, and write no tree
column."""

from django.contrib import admin
from django.contrib.admin.views.main import PAGE_VAR
from django.core.paginator import Paginator
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.text import Truncator

from articles.models.article_queryset import LONG_TEXTS
from articles.web.paging import read_integer
from comments.headlines import name_article
from comments.models.comment import MODERATE

EXCERPT = 60  # characters of a comment in a list
TITLE = 18  # and of an article's title
NAMED = 30  # comments that a decision's page names
AHEAD = 10  # pages after the shown one that a list counts


def link_to_article(article):
    """Link to the moderators' page of an article's thread."""
    address = reverse("comments:moderation_thread", args=[article.pk])
    name = name_article(article)
    text = Truncator(name).chars(TITLE)
    return format_html('<a href="{}" title="{}">{}</a>', address, name, text)


def link_to(view, *args, text):
    return format_html('<a href="{}">{}</a>', reverse(view, args=args), text)


class NearPaginator(Paginator):
    """A paginator that counts a few pages ahead only: a count of all rows reads the whole table.
    ``is_cut`` says that there may be more."""

    def __init__(self, *arguments, pages, **options):
        super().__init__(*arguments, **options)
        self.most = pages * self.per_page

    @cached_property
    def count(self):
        return self.object_list.order_by()[: self.most].count()

    @property
    def is_cut(self):
        return self.count == self.most


class StaffFilter(admin.RelatedFieldListFilter):
    """Filters by a member of the staff, without looking for those who occur in the table."""

    def field_choices(self, field, request, model_admin):
        return field.get_choices(include_blank=False, limit_choices_to={"is_staff": True})


class ReadOnly(admin.ModelAdmin):
    """A read-only admin; its rows change only through the actions of the list."""

    list_per_page = 50
    ordering = ["-pk"]
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER  # each choice would count all rows
    article_path = ""  # the fields that lead from a row to its article, if the list joins it

    class Media:
        css = {"all": ["admin_newsroom/moderation.css", "admin_newsroom/diff.css"]}

    def get_queryset(self, request):
        """Leave out the texts of the articles."""
        rows = super().get_queryset(request)
        names = [f"{self.article_path}__{name}" for name in LONG_TEXTS] if self.article_path else []
        return rows.defer(*names) if names else rows

    def get_paginator(self, request, queryset, per_page, **options):
        page = read_integer(request.GET.get(PAGE_VAR, ""), digits=6) or 1
        return NearPaginator(queryset, per_page, pages=page + AHEAD, **options)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class ForModerators(ReadOnly):
    """An admin for users who may moderate, and for nobody else."""

    def has_module_permission(self, request):
        return request.user.has_perm(MODERATE)

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm(MODERATE)

    def has_moderate_permission(self, request):
        return request.user.has_perm(MODERATE)
