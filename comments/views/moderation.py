"""The moderators' page of a thread, their menu at a comment, and their decisions."""

from django.contrib.auth.decorators import login_required, permission_required
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from articles.models import Article
from articles.web.paging import read_page_number
from comments.forms import DecisionForm, StaffForm
from comments.models import Comment, ModerationAction, Thread
from comments.models.comment import MODERATE
from comments.models.states import DECISIONS, Verb
from comments.posting import post
from comments.refusals import NoDecision, NoReason, UnfitNote
from comments.thread_pages import WholePage
from comments.views.responses import (
    answer_refusals,
    read_form,
    render_fragment,
    render_page,
    see_other,
)

REASONS = [choice for choice in DecisionForm.base_fields["reason"].choices if choice[0]]
NEWEST = 50  # actions of the ledger that the page shows


def moderators_only(view):
    """Admit moderators only: redirect anonymous users to the login, and refuse others (403)."""
    return login_required(permission_required(MODERATE, raise_exception=True)(view))


@moderators_only
@require_safe
def thread(request, article_id):
    """Show a whole thread, held and removed comments too, with its newest decisions."""
    article = get_object_or_404(Article, pk=article_id)
    thread = Thread.objects.of(article)
    actions = thread.actions.select_related("comment", "moderator", "undone_by")
    return render_page(
        request,
        "comments/moderation_thread.html",
        {
            "article": article,
            "thread": thread,
            "page": WholePage(thread, number=read_page_number(request.GET)),
            "actions": actions[:NEWEST],
            "reasons": REASONS,
        },
    )


@moderators_only
@require_safe
def menu(request, pk):
    """Show the moderator's menu at a comment: a fragment, or a page without JavaScript."""
    comment = get_object_or_404(Comment.objects.for_detail(), pk=pk)
    return render_page(
        request,
        "comments/_moderation_menu.html",
        {
            "comment": comment,
            "branch_size": comment.get_descendant_count() + 1,
            "reasons": REASONS,
            "next": request.GET.get("next", ""),
            "is_approvable": comment.is_approvable,
            "undoable": comment.moderation_items.in_force()
            .order_by("-action_id")
            .select_related("action")
            .first(),
        },
    )


# A login that interrupts a POST leads back by GET.
@moderators_only
@require_http_methods(["GET", "HEAD", "POST"])
@answer_refusals()
def decide(request, shown, pk, verb):
    """Approve, hold or remove a comment, or prune its branch; show the comment on GET."""
    if request.method != "POST":
        return _redirect_to_log(get_object_or_404(Comment.objects.select_related("thread"), pk=pk))
    _decide(request, shown, pk, verb)
    return _redirect_back(request, shown["comment"].thread.article)


@moderators_only
@require_POST
@answer_refusals("comments/_decided.html", render_fragment)
def decide_inline(request, shown, pk, verb):
    """Decide, and return the outcome and a way to undo it, as a fragment for the page's script."""
    action = _decide(request, shown, pk, verb)
    return _render_outcome(request, shown["comment"], action)


@moderators_only
@require_http_methods(["GET", "HEAD", "POST"])
@answer_refusals("comments/staff_write.html")
def write(request, shown, article_id):
    """Write a comment, or a reply to ``parent``, as staff under the user's own name."""
    article = get_object_or_404(Article.objects.published(), pk=article_id)
    form = StaffForm(request.POST or None, initial={"parent": request.GET.get("parent")})
    shown.update(article=article, form=form)
    fields = read_form(request, form)
    comment = post(article, text=fields["text"], parent_id=fields["parent"], staff=request.user)
    return see_other(comment)


@moderators_only
@require_http_methods(["GET", "HEAD", "POST"])
@answer_refusals()
def undo(request, shown, pk):
    """Undo a decision; show its comment on GET."""
    if request.method != "POST":
        actions = ModerationAction.objects.select_related("comment__thread")
        return _redirect_to_log(get_object_or_404(actions, pk=pk).comment)
    action = _undo(request, shown, pk)
    return _redirect_back(request, action.thread.article)


@moderators_only
@require_POST
@answer_refusals("comments/_decided.html", render_fragment)
def undo_inline(request, shown, pk):
    """Undo a decision; return the outcome as a fragment for the page's script."""
    action = _undo(request, shown, pk)
    return _render_outcome(request, action.comment, action)


def _decide(request, shown, pk, verb):
    """Carry out the decision in a form; return the action."""
    comments = Comment.objects.select_related("thread__article")
    shown["comment"] = comment = get_object_or_404(comments, pk=pk)
    shown["article"] = comment.thread.article
    if verb not in DECISIONS:
        raise NoDecision
    form = DecisionForm(request.POST, verb=verb)
    if not form.is_valid():
        raise NoReason if "reason" in form.errors else UnfitNote
    fields = {name: value for name, value in form.cleaned_data.items() if value}
    if verb in {Verb.APPROVE, Verb.KEEP}:
        fields.pop("reason", None)
    return getattr(comment, verb)(by=request.user, **fields)


def _undo(request, shown, pk):
    """Undo an action and return it."""
    actions = ModerationAction.objects.select_related("thread__article", "comment")
    action = get_object_or_404(actions, pk=pk)
    shown["article"] = action.thread.article
    action.undo(by=request.user)
    action.comment.refresh_from_db(fields=["state", "reason"])
    return action


def _render_outcome(request, comment, action):
    """Render the outcome of a decision for a script."""
    context = {
        "comment": comment,
        "action": action,
        "covered": action.items.count(),
        "is_pruned": comment.is_pruned,
        "thread": Thread.objects.of(comment.thread.article),
    }
    return render_fragment(request, "comments/_decided.html", context)


def _redirect_to_log(comment):
    """Redirect to a comment on the moderators' page of its thread."""
    page = reverse("comments:moderation_thread", args=[comment.thread.article_id])
    return redirect(f"{page}#comment-{comment.pk}")


def _redirect_back(request, article):
    """Redirect to the page that the form names, else to the moderators' page of the thread."""
    wanted = request.POST.get("next", "")
    if wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        return see_other(wanted)
    return see_other(reverse("comments:moderation_thread", args=[article.pk]))
