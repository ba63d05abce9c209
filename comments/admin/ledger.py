"""The ledger of moderation, and the reports of readers that its decisions answer."""

from django.contrib import admin, messages
from django.template.loader import render_to_string
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from comments.admin.base import EXCERPT, NAMED, ForModerators, link_to, link_to_article
from comments.models import Comment, ModerationAction, Report
from comments.models.moderated import decide
from comments.models.states import Verb


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

    @admin.display(description=_("article"))
    def on(self, action):
        return link_to_article(action.thread.article) if action.thread else "–"

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
        actions = [action for action in queryset.select_related("thread") if action.can_be_undone]
        for action in actions:
            action.undo(by=request.user)
        message = ngettext(
            "%(count)d decision undone.", "%(count)d decisions undone.", len(actions)
        )
        self.message_user(request, message % {"count": len(actions)}, messages.SUCCESS)


@admin.register(Report)
class ReportAdmin(ForModerators):
    """The reports of readers. A decision about a comment answers its reports."""

    list_display = ["reported_at", "about", "reason", "said", "on", "answered"]
    list_display_links = ["reported_at"]
    list_select_related = ["comment__thread__article", "comment__staff"]
    list_filter = [("answered_at", admin.EmptyFieldListFilter), "reason", "reported_at"]
    search_fields = ["text", "comment__text"]
    actions = ["let_stand"]
    fields = ["about", "reason", "text", "changes", "reported_at", "answered_at", "answered_by"]
    readonly_fields = ["about", "changes"]

    @admin.display(description=_("comment"))
    def about(self, report):
        return link_to("admin:comments_comment_change", report.comment_id, text=report.comment)

    @admin.display(description=_("changes since"))
    def changes(self, report):
        html = render_to_string("comments/_reported_text.html", {"report": report}).strip()
        return mark_safe(html) if html else "–"

    @admin.display(description=_("text"))
    def said(self, report):
        return Truncator(report.text).chars(EXCERPT)

    @admin.display(description=_("article"))
    def on(self, report):
        return link_to_article(report.comment.thread.article)

    @admin.display(description=_("resolved"), boolean=True)
    def answered(self, report):
        return report.answered_at is not None

    @admin.action(description=_("Keep the comment"), permissions=["moderate"])
    def let_stand(self, request, queryset):
        """Keep the comments; that answers all reports on them."""
        count = queryset.open().count()
        comments = Comment.objects.filter(reports__in=queryset.open()).distinct()
        decide(comments, Verb.KEEP, by=request.user)
        message = ngettext("%(count)d report resolved.", "%(count)d reports resolved.", count)
        self.message_user(request, message % {"count": count}, messages.SUCCESS)
