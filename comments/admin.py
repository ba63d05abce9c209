"""Moderation in the admin, with the verbs of the models. Nothing is added, rewritten or erased
here, and no column of a tree is written."""

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import models
from django.db.models import Count
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.text import Truncator
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from comments.forms import DecisionForm
from comments.models import Comment, Mention, ModerationAction, Thread, Vote
from comments.trees import thread_write

PERMISSION = "comments.moderate_comment"
Verb = ModerationAction.Verb
EXCERPT = 60  # characters of a comment in a list
TITLE = 18  # and of an article's title
NAMED = 30  # comments that a decision's page names


def article_link(article):
    """Link to the moderators' page of an article's thread."""
    address = reverse("comments:moderation_thread", args=[article.pk])
    text = Truncator(article.title).chars(TITLE)
    return format_html('<a href="{}" title="{}">{}</a>', address, article.title, text)


def link_to(view, *args, text):
    return format_html('<a href="{}">{}</a>', reverse(view, args=args), text)


class ReadOnly(admin.ModelAdmin):
    """Only to look at; what can be done are the actions of the list."""

    list_per_page = 50
    ordering = ["-pk"]
    show_full_result_count = False

    class Media:
        css = {"all": ["admin_newsroom/moderation.css"]}

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class ForModerators(ReadOnly):
    """For everyone who may moderate, and nobody else."""

    def has_module_permission(self, request):
        return request.user.has_perm(PERMISSION)

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm(PERMISSION)

    def has_moderate_permission(self, request):
        return request.user.has_perm(PERMISSION)


@admin.register(Comment)
class CommentAdmin(ForModerators):
    list_display = ["number", "author", "excerpt", "standing", "score", "on", "posted"]
    list_display_links = ["number", "excerpt"]
    list_select_related = ["thread__article", "staff"]
    list_filter = ["state", "reason", "posted_at"]
    search_fields = ["text", "name"]
    actions = ["approve", "hold", "remove", "prune"]
    change_form_template = "admin/comments/comment/change_form.html"
    fieldsets = [
        (None, {"fields": ["place", "answered", "author", "text", "score", "posted_at"]}),
        (_("Moderation"), {"fields": ["state", "reason", "moderated_at", "decisions"]}),
    ]
    readonly_fields = ["place", "answered", "author", "decisions"]

    @admin.display(description=_("name"), ordering="name")
    def author(self, comment):
        return f"{comment.display_name} {comment.tripcode}".strip()

    @admin.display(description=_("text"))
    def excerpt(self, comment):
        return Truncator(comment.text).chars(EXCERPT)

    @admin.display(description=_("article"), ordering="thread")
    def on(self, comment):
        return article_link(comment.thread.article)

    @admin.display(description=_("state"), ordering="state")
    def standing(self, comment):
        reason = comment.get_reason_display()
        return (
            f"{comment.get_state_display()} ({reason})" if reason else comment.get_state_display()
        )

    @admin.display(description=_("posted at"), ordering="posted_at")
    def posted(self, comment):
        return date_format(localtime(comment.posted_at), "SHORT_DATETIME_FORMAT")

    @admin.display(description=_("place in the thread"))
    def place(self, comment):
        address = reverse("comments:moderation_thread", args=[comment.thread.article_id])
        text = f"{comment.thread} >>{comment.number}"
        return format_html('<a href="{}#{}">{}</a>', address, comment.anchor, text)

    @admin.display(description=_("in reply to"))
    def answered(self, comment):
        if comment.parent is None:
            return "–"
        return link_to("admin:comments_comment_change", comment.parent_id, text=comment.parent)

    @admin.display(description=_("decisions"))
    def decisions(self, comment):
        """What the ledger says of it, the newest first."""
        actions = ModerationAction.objects.filter(items__comment=comment)
        lines = (
            (
                link_to("admin:comments_moderationaction_change", action.pk, text=action),
                action.created_at.date(),
                action.get_reason_display(),
                _("undone") if action.is_undone else "",
            )
            for action in actions.select_related("comment")
        )
        return format_html_join("", "<div>{} · {} · {} {}</div>", lines) or "–"

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Show a comment with what may be done to it."""
        context = {"reasons": DecisionForm.base_fields["reason"].choices}
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    @admin.action(description=_("Approve"), permissions=["moderate"])
    def approve(self, request, queryset):
        self._decide(request, queryset, Verb.APPROVE)

    @admin.action(description=_("Hold for a check"), permissions=["moderate"])
    def hold(self, request, queryset):
        self._decide(request, queryset, Verb.HOLD)

    @admin.action(description=_("Remove…"), permissions=["moderate"])
    def remove(self, request, queryset):
        return self._ask_for_reason(request, queryset, Verb.REMOVE)

    @admin.action(description=_("Prune the branch…"), permissions=["moderate"])
    def prune(self, request, queryset):
        return self._ask_for_reason(request, queryset, Verb.PRUNE)

    def _ask_for_reason(self, request, queryset, verb):
        """Ask for the reason first; the page sends the action again."""
        form = DecisionForm(request.POST if "reason" in request.POST else None, verb=verb)
        if form.is_valid():
            said = {name: value for name, value in form.cleaned_data.items() if value}
            self._decide(request, queryset, verb, **said)
            return None
        context = {
            **self.admin_site.each_context(request),
            "title": verb.label,
            "opts": self.opts,
            "comments": queryset.select_related("thread__article", "staff")[:NAMED],
            "more": max(0, queryset.count() - NAMED),
            "chosen": request.POST.getlist(ACTION_CHECKBOX_NAME),
            "select_across": request.POST.get("select_across", "0"),
            "is_prune": verb == Verb.PRUNE,
            "form": form,
            "action": verb.value,
            "action_checkbox_name": ACTION_CHECKBOX_NAME,
            "media": self.media,
        }
        return TemplateResponse(request, "admin/comments/comment/decide.html", context)

    def _decide(self, request, queryset, verb, **said):
        comments = list(queryset.select_related("thread"))
        for comment in comments:
            getattr(comment, verb)(by=request.user, **said)
        message = ngettext(
            "%(verb)s: %(count)d decision. It can be undone in the ledger.",
            "%(verb)s: %(count)d decisions. They can be undone in the ledger.",
            len(comments),
        )
        values = {"verb": verb.label, "count": len(comments)}
        self.message_user(request, message % values, messages.SUCCESS)


@admin.register(ModerationAction)
class ModerationActionAdmin(ForModerators):
    """The ledger."""

    list_display = ["created_at", "verb", "comment", "on", "reason", "moderator", "size", "undone"]
    list_select_related = ["comment__staff", "thread__article", "moderator"]
    list_filter = [
        "verb",
        "reason",
        ("undone_at", admin.EmptyFieldListFilter),
        ("moderator", admin.RelatedOnlyFieldListFilter),
        "created_at",
    ]
    search_fields = ["note", "comment__text"]
    actions = ["undo"]
    fields = [
        *("verb", "reason", "note", "moderator", "created_at", "undone_at", "undone_by"),
        *("on", "covered"),
    ]
    readonly_fields = ["on", "covered"]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(size=Count("items"))

    @admin.display(description=_("article"))
    def on(self, action):
        return article_link(action.thread.article)

    @admin.display(description=_("comments"))
    def size(self, action):
        return action.size

    @admin.display(description=_("undone"), boolean=True)
    def undone(self, action):
        return action.is_undone

    @admin.display(description=_("comments"))
    def covered(self, action):
        items = action.items.select_related("comment__staff")[:NAMED]
        links = [
            (link_to("admin:comments_comment_change", item.comment_id, text=item.comment),)
            for item in items
        ]
        if action.size > NAMED:
            more = action.size - NAMED
            links.append(
                (ngettext("and %(count)d more", "and %(count)d more", more) % {"count": more},)
            )
        return format_html_join("", "<div>{}</div>", links)

    @admin.action(description=_("Undo"), permissions=["moderate"])
    def undo(self, request, queryset):
        actions = [action for action in queryset.select_related("thread") if not action.is_undone]
        for action in actions:
            action.undo(by=request.user)
        message = ngettext(
            "%(count)d decision undone.", "%(count)d decisions undone.", len(actions)
        )
        self.message_user(request, message % {"count": len(actions)}, messages.SUCCESS)


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

    @admin.action(description=_("Open for new comments"), permissions=["open"])
    def open(self, request, queryset):
        self._set_open(request, queryset, True)

    @admin.action(description=_("Close for new comments"), permissions=["open"])
    def close(self, request, queryset):
        self._set_open(request, queryset, False)

    def _set_open(self, request, queryset, is_open):
        """Open or close threads under their locks; readers see other buttons from now on."""
        changed = 0
        for article_id in queryset.values_list("article_id", flat=True):
            with thread_write(article_id) as thread:
                if thread.is_open != is_open:
                    thread.is_open = is_open
                    thread.save(update_fields=["is_open"])
                    thread.changed()
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

    @admin.action(description=_("Hold for a check"), permissions=["moderate"])
    def hold(self, request, queryset):
        self._set_state(request, queryset, Comment.State.HELD)

    @admin.action(description=_("Remove"), permissions=["moderate"])
    def remove(self, request, queryset):
        self._set_state(request, queryset, Comment.State.REMOVED)

    def _set_state(self, request, queryset, state):
        count = queryset.update(state=state)
        message = ngettext("%(count)d mention: %(state)s", "%(count)d mentions: %(state)s", count)
        values = {"count": count, "state": state.label}
        self.message_user(request, message % values, messages.SUCCESS)


@admin.register(Vote)
class VoteAdmin(ForModerators):
    list_display = ["comment", "value", "voted_at"]
    list_select_related = ["comment__staff"]
    list_filter = ["value", "voted_at"]
    fields = ["comment", "value", "voted_at"]
