"""The ledger of moderation, and the reports of readers that its decisions answer."""

from django.contrib import admin, messages
from django.template.loader import render_to_string
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from articles.web.word_filters import word_filter
from comments.admin.base import EXCERPT, NAMED, StaffFilter, link_to, link_to_article
from comments.admin.seen import SeenAdmin
from comments.forms import UndoForm
from comments.models import Comment, ModerationAction, Report
from comments.models.ledger import undo_acts
from comments.models.moderated import decide
from comments.models.stamps import add_act_stamps
from comments.models.states import Verb

DECISION_FILTER = word_filter(
    pgettext_lazy("decision", "In force"),
    pgettext_lazy("decision", "Undone"),
    admin.EmptyFieldListFilter,
)
REPORT_FILTER = word_filter(
    pgettext_lazy("report", "Unresolved"),
    pgettext_lazy("report", "Resolved"),
    admin.EmptyFieldListFilter,
)


@admin.register(ModerationAction)
class ModerationActionAdmin(SeenAdmin):
    """The ledger."""

    list_display = ["created_at", "verb", "comment", "on", "reason", "moderator", "size", "undone"]
    list_select_related = ["comment__staff", "thread__article", "moderator"]
    article_path = "thread__article"
    list_filter = [
        "verb",
        "reason",
        ("undone_at", DECISION_FILTER),
        ("moderator", StaffFilter),
        "created_at",
    ]
    search_fields = ["note", "comment__text"]
    actions = ["undo"]
    fields = [
        *("verb", "reason", "note", "moderator", "created_at"),
        *("undone_at", "undone_by", "undone_note", "on", "covered"),
    ]
    readonly_fields = ["on", "covered"]

    @admin.display(description=_("article"))
    def on(self, action):
        return link_to_article(action.thread.article) if action.thread else "–"

    def stamp(self, action):
        return ""  # the page that asks shows what is undone

    @admin.display(description=_("undone"))
    def undone(self, action):
        return action.undone_at

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

    @admin.action(description=_("Undo…"), permissions=["moderate"])
    def undo(self, request, queryset):
        """Show first what is undone, and ask for the reason. Then say what stays as it is."""
        is_asked = "note" in request.POST
        form = UndoForm(request.POST if is_asked else None)
        acts = queryset.undoable().select_related("thread", "comment", "mention", "moderator")
        if form.is_valid():
            acts = acts.filter(pk__in=self.read_seen(request))
            refusals = self._undo(request, list(acts), form.cleaned_data["note"])
            if not refusals:
                return None
            acts = acts.filter(pk__in=[action.pk for action in refusals])
        acts = list(acts)
        add_act_stamps(acts)
        template = "admin/comments/moderationaction/undo.html"
        options = {"title": _("Undo"), "action": "undo", "form": form, "rows": acts}
        return self.ask(request, template, **options)

    def _undo(self, request, acts, note):
        """Undo acts at once; return the refusals."""
        refusals = undo_acts(acts, by=request.user, note=note, seen=self.read_seen(request))
        self.report_refusals(request, refusals)
        undone = [action for action in acts if action not in refusals]
        message = ngettext("%(count)d decision undone.", "%(count)d decisions undone.", len(undone))
        self.message_user(request, message % {"count": len(undone)}, messages.SUCCESS)
        for action in undone:
            remaining, count = action.explain_remaining()
            if remaining:
                context = {"remaining": remaining, "remaining_more": count - len(remaining)}
                said = render_to_string("comments/_remaining.html", context)
                self.message_user(request, mark_safe(said), messages.WARNING)
        return refusals


@admin.register(Report)
class ReportAdmin(SeenAdmin):
    """The reports of readers. A decision about a comment answers its reports."""

    list_display = ["reported_at", "about", "reason", "said", "on", "answered"]
    list_display_links = ["reported_at"]
    list_select_related = ["comment__thread__article", "comment__staff"]
    article_path = "comment__thread__article"
    list_filter = [("answered_at", REPORT_FILTER), "reason", "reported_at"]
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

    @admin.display(description=_("resolved"))
    def answered(self, report):
        return report.answered_at

    @admin.action(description=_("Keep the comment"), permissions=["moderate"])
    def let_stand(self, request, queryset):
        """Keep the comments; that answers all reports on them."""
        reports = self.choose_seen(request, queryset).open()
        stamps = self.read_seen(request)
        seen = {report.comment_id: stamps[report.pk] for report in reports}
        count = len(seen) and reports.count()
        comments = Comment.objects.filter(pk__in=seen)
        _action, refusals = decide(comments, Verb.KEEP, by=request.user, seen=seen)
        self.report_refusals(request, refusals)
        count -= reports.count()
        message = ngettext("%(count)d report resolved.", "%(count)d reports resolved.", count)
        self.message_user(request, message % {"count": count}, messages.SUCCESS)

    def stamp(self, report):
        return report.comment.stamp
