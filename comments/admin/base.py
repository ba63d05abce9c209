"""The base of the comments' admin pages. They add, change and delete no row, and write no tree
column."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import Truncator

from comments.headlines import name_article
from comments.models.comment import MODERATE

EXCERPT = 60  # characters of a comment in a list
TITLE = 18  # and of an article's title
NAMED = 30  # comments that a decision's page names


def link_to_article(article):
    """Link to the moderators' page of an article's thread."""
    address = reverse("comments:moderation_thread", args=[article.pk])
    name = name_article(article)
    text = Truncator(name).chars(TITLE)
    return format_html('<a href="{}" title="{}">{}</a>', address, name, text)


def link_to(view, *args, text):
    return format_html('<a href="{}">{}</a>', reverse(view, args=args), text)


class ReadOnly(admin.ModelAdmin):
    """A read-only admin; its rows change only through the actions of the list."""

    list_per_page = 50
    ordering = ["-pk"]
    show_full_result_count = False

    class Media:
        css = {"all": ["admin_newsroom/moderation.css", "admin_newsroom/diff.css"]}

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
