"""Comments, with the verbs of moderation as actions."""

from django.contrib import admin, messages
from django.db.models import Prefetch
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.utils.text import Truncator
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from articles.models import Article
from articles.models.article_queryset import LONG_TEXTS
from articles.search import list_matching_ids
from articles.search.analysis import Query
from comments.admin.base import EXCERPT, link_to, link_to_article
from comments.admin.seen import SeenAdmin
from comments.forms import DecisionForm
from comments.indexing import COMMENT
from comments.models import Comment, ModerationAction
from comments.models.moderated import decide, find_refusals
from comments.models.stamps import Stamp, add_stamps
from comments.models.states import Reason, Verb
from comments.refusals import Unseen

NEWEST = 1_000  # comments with a word, in which a search of the list looks


@admin.register(Comment)
class CommentAdmin(SeenAdmin):
    list_display = ["number", "author", "excerpt", "standing", "score", "on", "posted"]
    list_display_links = ["number", "excerpt"]
    list_select_related = ["staff"]
    list_filter = ["state", "reason", "posted_at"]
    search_fields = ["name"]  # Django asks for some; ``get_search_results`` uses the index
    actions = ["approve", "hold", "remove", "prune"]
    change_form_template = "admin/comments/comment/change_form.html"
    fieldsets = [
        (
            None,
            {"fields": ["place", "answered", "author", "text", "changes", "score", "posted_at"]},
        ),
        (_("Moderation"), {"fields": ["state", "reason", "moderated_at", "decisions"]}),
    ]
    readonly_fields = ["place", "answered", "author", "changes", "decisions"]

    def get_queryset(self, request):
        """With threads and articles in queries of their own: for a join, SQLite would read the
        threads first and sort all comments."""
        return (
            super()
            .get_queryset(request)
            .prefetch_related(Prefetch("thread__article", Article.objects.defer(*LONG_TEXTS)))
        )

    def get_search_results(self, request, queryset, search_term):
        """Find words of the text, and the comments under a name."""
        text = search_term.strip()
        if not text:
            return queryset, False
        named = Comment.objects.filter(name=text).exclude(name="").order_by("-pk")
        keys = set(named.values_list("pk", flat=True)[:NEWEST])
        if query := Query(text):
            keys.update(list_matching_ids(query, COMMENT, newest=NEWEST))
        return queryset.filter(pk__among=keys), False

    @admin.display(description=_("name"), ordering="name")
    def author(self, comment):
        return f"{comment.display_name} {comment.tripcode}".strip()

    @admin.display(description=_("text"))
    def excerpt(self, comment):
        return Truncator(comment.text).chars(EXCERPT)

    @admin.display(description=_("article"), ordering="thread")
    def on(self, comment):
        return link_to_article(comment.thread.article)

    @admin.display(description=_("status"), ordering="state")
    def standing(self, comment):
        reason = comment.get_reason_display()
        return (
            f"{comment.get_state_display()} ({reason})" if reason else comment.get_state_display()
        )

    @admin.display(description=_("posted at"), ordering="posted_at")
    def posted(self, comment):
        return date_format(localtime(comment.posted_at), "SHORT_DATETIME_FORMAT")

    @admin.display(description=_("position in the thread"))
    def place(self, comment):
        text = f"{comment.thread} >>{comment.number}"
        return link_to("comments:moderation_place", comment.pk, text=text)

    @admin.display(description=_("in reply to"))
    def answered(self, comment):
        if comment.parent is None:
            return "–"
        return link_to("admin:comments_comment_change", comment.parent_id, text=comment.parent)

    @admin.display(description=_("earlier texts"))
    def changes(self, comment):
        """What the writer has changed, and what they have changed since each report."""
        parts = [render_to_string("comments/_edits.html", {"comment": comment})]
        parts += [
            render_to_string("comments/_reported_text.html", {"report": report})
            for report in comment.reports.all()
        ]
        return mark_safe("".join(parts)) if any(map(str.strip, parts)) else "–"

    @admin.display(description=_("decisions"))
    def decisions(self, comment):
        """The acts about the comment with their notes, newest first."""
        actions = ModerationAction.objects.filter(items__comment=comment)
        lines = (
            (
                link_to("comments:action", action.pk, text=action.describe()),
                action.note,
                action.undone_note,
            )
            for action in actions.select_related("moderator", "undone_by")
        )
        return format_html_join("", "<div>{} {} {}</div>", lines) or "–"

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Show a comment with the decisions that a moderator may make about it."""
        comment = self.get_object(request, object_id)
        context = {
            "seen": comment and comment.branch_stamp,
            "reasons": DecisionForm.base_fields["reason"].choices,
            "is_approvable": comment is not None and comment.is_approvable,
        }
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    @admin.action(description=_("Approve"), permissions=["moderate"])
    def approve(self, request, queryset):
        self._decide(request, self.choose_seen(request, queryset), Verb.APPROVE)

    @admin.action(description=_("Hold for moderation"), permissions=["moderate"])
    def hold(self, request, queryset):
        queryset = self.choose_seen(request, queryset)
        self._decide(request, queryset, Verb.HOLD, reason=Reason.CHECK)

    @admin.action(description=_("Remove…"), permissions=["moderate"])
    def remove(self, request, queryset):
        return self._ask_for_reason(request, queryset, Verb.REMOVE)

    @admin.action(description=_("Remove with replies…"), permissions=["moderate"])
    def prune(self, request, queryset):
        return self._ask_for_reason(request, queryset, Verb.PRUNE)

    def _ask_for_reason(self, request, queryset, verb):
        """Ask for the reason first; the page sends the action again. It shows anew what has
        changed since."""
        is_asked = "reason" in request.POST
        form = DecisionForm(request.POST if is_asked else None, verb=verb)
        queryset = self.choose_seen(request, queryset)
        if form.is_valid():
            fields = {name: form.cleaned_data[name] for name in ("reason", "note")}
            refusals = self._decide(request, queryset, verb, **fields)
            if not refusals:
                return None
            queryset = queryset.filter(pk__in=[comment.pk for comment in refusals])
        elif not is_asked:
            self.report_refusals(request, find_refusals(queryset, self.read_seen(request)))
        comments = list(queryset.for_detail().order_by("-pk"))
        add_stamps(comments)
        return self.ask(
            request,
            "admin/comments/comment/decide.html",
            title=verb.label,
            action=verb.value,
            form=form,
            rows=comments,
            is_prune=verb == Verb.PRUNE,
        )

    def _decide(self, request, queryset, verb, **fields):
        """Decide about all at once, in one entry of the ledger; return the refusals."""
        seen = {
            pk: stamp
            for pk, stamp in self.read_seen(request).items()
            if Stamp.read(stamp).covers(verb)
        }
        seen_rows = queryset.filter(pk__in=seen)
        action, refusals = decide(seen_rows, verb, by=request.user, seen=seen, **fields)
        refusals |= {comment: Unseen() for comment in queryset.exclude(pk__in=seen)}
        self.report_refusals(request, refusals)
        if action:
            message = ngettext(
                "%(verb)s: %(count)d comment. You can undo it in the moderation log.",
                "%(verb)s: %(count)d comments. You can undo it in the moderation log.",
                action.size,
            )
            values = {"verb": verb.label, "count": action.size}
            self.message_user(request, message % values, messages.SUCCESS)
        return refusals
