"""A commenter: everything in an article, everything everywhere for a logged reason, and bans."""

from datetime import timedelta

from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from articles.web.paging import read_integer
from comments.bans import ban_network, ban_reader
from comments.desk_search import PAGE, list_newest
from comments.forms import BanForm
from comments.listed import list_rows
from comments.models import Comment
from comments.models.states import Verb
from comments.refusals import NoReason
from comments.views.bulk import find_shown_act, lead_back, read_next
from comments.views.moderation import moderators_only
from comments.views.responses import answer_refusals, render_page, see_other
from comments.writer_record import (
    find_lookup,
    list_bans,
    list_everywhere,
    list_lookups,
    list_of_writer,
    look_up,
    measure_record,
)

ASKED = ("whom", "days", "reason")  # what a ban names before it is confirmed


@moderators_only
@require_safe
def writer(request, pk):
    """Show everything in an article by the writer of a comment."""
    comment = _find(pk)
    own = list_of_writer(comment)
    context = {
        "record": measure_record(own, reporter=comment.reader_hash, thread=comment.thread),
        "scope": f"writer:{comment.pk}",
    }
    return _render(request, comment, own, "comments/writer.html", context)


@moderators_only
@require_http_methods(["GET", "HEAD", "POST"])
@answer_refusals()
def lookup(request, shown, pk):
    """Log that everything of a comment's writer is looked up, and why; then show it."""
    if request.method != "POST":
        return redirect("comments:writer", pk)
    comment = shown["comment"] = _find(pk)
    kind, note = request.POST.get("kind", ""), request.POST.get("note", "")[:1_000]
    act = look_up(comment, kind, by=request.user, note=note)
    return see_other(reverse("comments:lookup_result", args=[act.pk]))


@moderators_only
@require_safe
def lookup_result(request, pk):
    """Show what a lookup named, in all articles, to the moderator who logged it."""
    act = find_lookup(pk, by=request.user)
    if act is None:
        return render_page(request, "comments/lookup_over.html", {}, status=404)
    own = list_everywhere(act)
    is_network = act.verb == Verb.NETWORK
    context = {
        "lookup": act,
        "with_article": True,
        "with_name": is_network,
        "record": measure_record(own, reporter="" if is_network else act.comment.reader_hash),
        "scope": f"lookup:{act.pk}",
    }
    return _render(request, act.comment, own, "comments/lookup.html", context)


@moderators_only
@require_http_methods(["GET", "HEAD", "POST"])
@answer_refusals("comments/ban_ask.html")
def ban(request, shown, pk):
    """Ban the reader or the network of a comment; ask first, and again if others did something
    meanwhile."""
    if request.method != "POST":
        return redirect("comments:writer", pk)
    comment = shown["comment"] = _find(pk)
    form = BanForm(request.POST)
    if not form.is_valid():
        raise NoReason
    fields = form.cleaned_data
    shown.update(_describe_ban(form), next=read_next(request))
    if "confirmed" not in request.POST:
        return render_page(request, "comments/ban_ask.html", shown)
    whom = fields.pop("whom")
    if whom == BanForm.READER:
        act = ban_reader(comment, by=request.user, **fields)
    else:
        act = ban_network(comment, by=request.user, is_wide=whom == BanForm.WIDE, **fields)
    return lead_back(request, act)


def _describe_ban(form):
    """Return the context of the page that asks before a ban."""
    fields = form.cleaned_data
    names = {name: dict(form.fields[name].choices)[fields[name]] for name in ASKED}
    until = timezone.now() + timedelta(days=fields["days"])
    return {"fields": fields.copy(), "labels": names, "until": until, "reason": names["reason"]}


def _render(request, comment, own, template, context):
    """Render a page of a commenter's comments."""
    before = read_integer(request.GET.get("before", ""))
    hits = list_newest(own.only("pk", "posted_at"), before, PAGE)
    query = request.GET.copy()
    query.pop("act", None)
    here = f"{request.path}?{query.urlencode()}" if query else request.path
    query["before"] = hits.before
    context |= {
        "comment": comment,
        "article": comment.thread.article,
        "rows": list_rows([row.pk for row in hits.comments]),
        "before": hits.before,
        "query_before": query.urlencode(),
        "alone": [] if hits.comments else list_rows([comment.pk]),
        "lookups": list_lookups(comment),
        "bans": list_bans(comment),
        "ban_form": BanForm(initial={"whom": BanForm.READER, "days": 7}),
        "has_wide_network": comment.wide_network_hash not in ("", comment.network_hash),
        "act": find_shown_act(request),
        "here": here,
    }
    return render_page(request, template, context)


def _find(pk):
    comment = Comment.objects.select_related("thread__article", "staff").filter(pk=pk).first()
    if comment is None:
        raise Http404
    return comment
