"""Decisions about comments, the page of an act of the ledger, and undoing it."""

from urllib.parse import urlencode

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comments.forms import UndoForm
from comments.models import Comment, ModerationAction, Thread
from comments.models.stamps import add_act_stamps, add_stamps, check_seen
from comments.models.states import DECISIONS, Verb
from comments.quoting import find_quotations_of
from comments.refusals import NoDecision, NoNote, Refused, UnfitNote, Unseen
from comments.views.decisions import read_decision
from comments.views.moderation import (
    REASONS,
    find_comment,
    moderators_only,
    redirect_back,
    redirect_to_log,
)
from comments.views.responses import answer_refusals, render_fragment, render_page, see_other

NAMED = 30  # comments on the page of an act


# A login that interrupts a POST leads back by GET.
@moderators_only
@require_http_methods(["GET", "HEAD", "POST"])
@answer_refusals("comments/decision.html")
def decide(request, shown, pk, verb):
    """Decide about a comment; on GET show it. A refusal shows it anew, in the form as typed."""
    if request.method != "POST":
        return redirect_to_log(get_object_or_404(Comment.objects.select_related("thread"), pk=pk))
    action = _decide(request, shown, pk, verb)
    if find_quotations_of(action):
        query = urlencode({"next": shown["next"]})
        return see_other(f"{reverse('comments:quoting', args=[action.pk])}?{query}")
    return redirect_back(request, comment=shown["comment"])


@moderators_only
@require_POST
@answer_refusals("comments/_decided.html", render_fragment)
def decide_inline(request, shown, pk, verb):
    """Decide, and return the outcome and a way to undo it, as a fragment for the page's script."""
    action = _decide(request, shown, pk, verb)
    return render_outcome(request, action, shown["comment"])


@moderators_only
@require_safe
def action(request, pk):
    """Show an act: what it covers, who undid it, and what stays as it is."""
    return render_page(request, "comments/action.html", _describe(find_act(pk)))


@moderators_only
@require_http_methods(["GET", "HEAD", "POST"])
@answer_refusals("comments/action.html")
def undo(request, shown, pk):
    """Undo an act; say what stays as it is. On GET show its comment."""
    page = reverse("comments:action", args=[pk])
    if request.method != "POST":
        action = find_act(pk)
        return redirect_to_log(action.comment) if action.comment else see_other(page)
    action = _undo(request, shown, pk)
    if action.size and action.thread is None or action.explain_remaining()[1]:
        return see_other(page)
    return redirect_back(request, comment=find_comment(action), default=_find_page(action))


@moderators_only
@require_POST
@answer_refusals("comments/_decided.html", render_fragment)
def undo_inline(request, shown, pk):
    """Undo an act; return the outcome as a fragment for the page's script."""
    action = _undo(request, shown, pk)
    return render_outcome(request, action, action.comment)


def _decide(request, shown, pk, verb):
    """Carry out the decision in a form; return the action."""
    comments = Comment.objects.select_related("thread__article")
    comment = get_object_or_404(comments, pk=pk)
    shown.update(comment=comment, article=comment.thread.article, reasons=REASONS)
    shown.update(typed=request.POST, next=request.POST.get("next", ""))
    if verb not in {*DECISIONS, Verb.NOTE}:
        raise NoDecision
    try:
        return getattr(comment, verb)(by=request.user, **_read_decision(request, verb))
    except Refused:
        comment.refresh_from_db()
        add_stamps([comment])
        shown["is_approvable"] = comment.is_approvable
        raise


def _read_decision(request, verb):
    """Return the fields of a decision; raises ``Unseen`` if the form does not say what its
    moderator saw: for a branch, how large it was."""
    fields = read_decision(request.POST, verb)
    if verb == Verb.NOTE:
        if "note" not in fields:
            raise NoNote
        return {"note": fields["note"]}
    check_seen(verb, fields.get("seen", ""))
    return fields


def _undo(request, shown, pk):
    """Undo an action and return it."""
    action = find_act(pk)
    shown.update(_describe(action), typed=request.POST, next=request.POST.get("next", ""))
    undo_act(request, action)
    if action.comment:
        action.comment.refresh_from_db(fields=["state", "reason"])
    return action


def undo_act(request, action):
    """Undo an act; raises ``Unseen`` if the form does not say what its moderator saw."""
    form = UndoForm(request.POST)
    if not form.is_valid():
        raise UnfitNote
    if not form.cleaned_data["seen"] and not action.is_undone:
        raise Unseen
    action.undo(by=request.user, **form.cleaned_data)


def _find_page(action):
    """Return where one stands after undoing an act about no comment."""
    if action.thread:
        return reverse("comments:moderation_thread", args=[action.thread.article_id])
    if action.verb == Verb.RULES:
        return reverse("comments:words")
    return reverse("comments:modes" if action.is_measure else "comments:log")


def find_act(pk):
    places = ("thread__article", "comment__thread__article", "mention")
    actions = ModerationAction.objects.select_related(*places, "moderator", "undone_by")
    return get_object_or_404(actions, pk=pk)


def _describe(action):
    """Return the context of an act's page."""
    add_act_stamps([action])
    items = action.items.select_related("comment__thread__article", "comment__staff")
    context = {
        "action": action,
        "items": items.order_by("pk")[:NAMED],
        "more": max(0, action.size - NAMED),
    }
    context["quoting"] = len(find_quotations_of(action))
    if action.verb == Verb.RULES:
        changes = action.rule_changes.select_related("rule")
        context |= {"rule_changes": changes[:NAMED], "more_rules": max(0, changes.count() - NAMED)}
    return context | _explain(action)


def _explain(action):
    if not action.is_undone:
        return {}
    remaining, count = action.explain_remaining()
    return {"remaining": remaining, "remaining_more": count - len(remaining)}


def render_outcome(request, action, comment):
    """Render the outcome of a decision for a script."""
    add_act_stamps([action])
    context = {
        "comment": comment,
        "action": action,
        "covered": action.size,
        "is_pruned": comment and comment.is_pruned,
        "quoting": len(find_quotations_of(action)),
        "thread": comment and Thread.objects.of(comment.thread.article),
    }
    return render_fragment(request, "comments/_decided.html", context | _explain(action))
