"""Threads, mentions and votes."""

from django.contrib import admin, messages
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from articles.search import ARTICLE, KeyQuery
from articles.search.analysis import Query
from comments.admin.base import ForModerators, ReadOnly, link_to
from comments.admin.seen import SeenAdmin
from comments.forms import DecisionForm
from comments.headlines import name_article
from comments.models import Mention, Thread, Vote
from comments.models.states import Mode, Verb
from comments.refusals import Refused, Unseen

NEWEST = 1_000  # articles with a word, among whose threads a search looks


class ModeFilter(admin.SimpleListFilter):
    """Threads by their own mode."""

    title = _("mode")
    parameter_name = "mode"

    def lookups(self, request, model_admin):
        return Mode.choices

    def queryset(self, request, queryset):
        return queryset.filter(mode=self.value()) if self.value() else queryset


@admin.register(Thread)
class ThreadAdmin(ReadOnly):
    list_display = ["name", "mode", "published_count", "moderation"]
    list_select_related = ["article"]
    article_path = "article"
    list_filter = [ModeFilter]
    search_fields = ["article__title"]
    actions = ["open", "close"]
    fields = ["name", "mode", "published_count", "moderation"]
    readonly_fields = ["name", "mode", "moderation"]

    def get_queryset(self, request):
        return super().get_queryset(request).with_mode()

    def get_search_results(self, request, queryset, search_term):
        """Search among the headlines that everybody may know."""
        query = Query(search_term, typing=True)
        if query:
            title = KeyQuery(query, ARTICLE, in_title=True, newest=NEWEST)
            queryset = queryset.filter(article__matches=title).named()
        elif search_term.strip():
            queryset = queryset.none()
        return queryset, False

    def has_open_permission(self, request):
        return request.user.has_perm("comments.change_thread")

    @admin.display(description=_("article"), ordering="article")
    def name(self, thread):
        return str(thread)

    @admin.display(description=_("mode"), ordering="mode")
    def mode(self, thread):
        return Mode(thread.mode).label

    @admin.display(description=_("moderation"))
    def moderation(self, thread):
        return link_to("comments:moderation_thread", thread.article_id, text=_("All comments"))

    @admin.action(description=_("Open to new comments"), permissions=["open"])
    def open(self, request, queryset):
        self._set_mode(request, queryset, Mode.OPEN)

    @admin.action(description=_("Close to new comments"), permissions=["open"])
    def close(self, request, queryset):
        self._set_mode(request, queryset, Mode.CLOSED)

    def _set_mode(self, request, queryset, mode):
        """Open or close threads: an act of the ledger for each that changes."""
        threads = queryset.select_related("article")
        changed = sum(thread.set_open(mode == Mode.OPEN, by=request.user) for thread in threads)
        message = ngettext("%(count)d thread changed.", "%(count)d threads changed.", changed)
        self.message_user(request, message % {"count": changed}, messages.SUCCESS)


@admin.register(Mention)
class MentionAdmin(SeenAdmin):
    list_display = ["title", "url", "on", "kind", "state", "received_at"]
    list_select_related = ["article"]
    article_path = "article"
    list_filter = ["state", "kind", "received_at"]
    search_fields = ["title", "url", "excerpt"]
    actions = ["publish", "hold", "remove"]
    fields = ["on", "kind", "title", "url", "excerpt", "state", "first_state", "received_at"]
    readonly_fields = ["on"]
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}

    @admin.display(description=_("article"), ordering="article")
    def on(self, mention):
        return name_article(mention.article)

    @admin.action(description=_("Publish"), permissions=["moderate"])
    def publish(self, request, queryset):
        self._decide(request, queryset, Mention.approve)

    @admin.action(description=_("Hold for moderation"), permissions=["moderate"])
    def hold(self, request, queryset):
        self._decide(request, queryset, Mention.hold)

    @admin.action(description=_("Remove…"), permissions=["moderate"])
    def remove(self, request, queryset):
        """Ask for the reason first; the page sends the action again."""
        form = DecisionForm(request.POST if "reason" in request.POST else None, verb=Verb.REMOVE)
        if form.is_valid():
            fields = {name: form.cleaned_data[name] for name in ("reason", "note")}
            refusals = self._decide(request, queryset, Mention.remove, **fields)
            if not refusals:
                return None
            queryset = queryset.filter(pk__in=[mention.pk for mention in refusals])
        mentions = list(self.choose_seen(request, queryset).select_related("article"))
        for mention in mentions:
            mention.seen = mention.stamp
        template = "admin/comments/mention/decide.html"
        options = {"title": _("Remove"), "action": "remove", "form": form, "rows": mentions}
        return self.ask(request, template, **options)

    def _decide(self, request, queryset, verb, **fields):
        """Decide about each mention; return the refusals."""
        seen, refusals, count = self.read_seen(request), {}, 0
        for mention in self.choose_seen(request, queryset):
            try:
                if not seen[mention.pk]:
                    raise Unseen
                verb(mention, by=request.user, seen=seen[mention.pk], **fields)
                count += 1
            except Refused as refusal:
                refusals[mention] = refusal
        self.report_refusals(request, refusals)
        message = ngettext("%(count)d mention changed.", "%(count)d mentions changed.", count)
        self.message_user(request, message % {"count": count}, messages.SUCCESS)
        return refusals


@admin.register(Vote)
class VoteAdmin(ForModerators):
    list_display = ["comment", "value", "voted_at"]
    list_select_related = ["comment__staff"]
    list_filter = ["value", "voted_at"]
    fields = ["comment", "value", "voted_at"]
