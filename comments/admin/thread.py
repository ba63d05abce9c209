"""Threads, mentions and votes."""

from django.contrib import admin, messages
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from comments.admin.base import ForModerators, ReadOnly, link_to
from comments.models import Comment, Mention, Thread, Vote
from comments.models.trees import thread_write


@admin.register(Thread)
class ThreadAdmin(ReadOnly):
    list_display = ["article", "is_open", "published_count", "moderation"]
    list_select_related = ["article"]
    list_filter = ["is_open"]
    search_fields = ["article__title"]
    actions = ["open", "close"]
    fields = ["article", "is_open", "published_count", "moderation"]
    readonly_fields = ["moderation"]

    def has_open_permission(self, request):
        return request.user.has_perm("comments.change_thread")

    @admin.display(description=_("moderation"))
    def moderation(self, thread):
        return link_to("comments:moderation_thread", thread.article_id, text=_("All comments"))

    @admin.action(description=_("Open to new comments"), permissions=["open"])
    def open(self, request, queryset):
        self._set_open(request, queryset, True)

    @admin.action(description=_("Close to new comments"), permissions=["open"])
    def close(self, request, queryset):
        self._set_open(request, queryset, False)

    def _set_open(self, request, queryset, is_open):
        """Open or close threads under their locks, and renew their HTML: its buttons change."""
        changed = 0
        for article_id in queryset.values_list("article_id", flat=True):
            with thread_write(article_id) as thread:
                if thread.is_open != is_open:
                    thread.is_open = is_open
                    thread.save(update_fields=["is_open"])
                    thread.recount()
                    changed += 1
        message = ngettext("%(count)d thread changed.", "%(count)d threads changed.", changed)
        self.message_user(request, message % {"count": changed}, messages.SUCCESS)


@admin.register(Mention)
class MentionAdmin(ForModerators):
    list_display = ["title", "url", "article", "kind", "state", "received_at"]
    list_select_related = ["article"]
    list_filter = ["state", "kind", "received_at"]
    search_fields = ["title", "url", "excerpt"]
    actions = ["publish", "hold", "remove"]
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}

    @admin.action(description=_("Publish"), permissions=["moderate"])
    def publish(self, request, queryset):
        self._set_state(request, queryset, Comment.State.PUBLISHED)

    @admin.action(description=_("Hold for moderation"), permissions=["moderate"])
    def hold(self, request, queryset):
        self._set_state(request, queryset, Comment.State.HELD)

    @admin.action(description=_("Remove"), permissions=["moderate"])
    def remove(self, request, queryset):
        self._set_state(request, queryset, Comment.State.REMOVED)

    def _set_state(self, request, queryset, state):
        for mention in queryset:
            mention.state = state
            mention.save(update_fields=["state"])
        count = len(queryset)
        message = ngettext("%(count)d mention: %(state)s", "%(count)d mentions: %(state)s", count)
        values = {"count": count, "state": state.label}
        self.message_user(request, message % values, messages.SUCCESS)


@admin.register(Vote)
class VoteAdmin(ForModerators):
    list_display = ["comment", "value", "voted_at"]
    list_select_related = ["comment__staff"]
    list_filter = ["value", "voted_at"]
    fields = ["comment", "value", "voted_at"]
