"""The moderators' page of a thread, their menu at a comment, and what they decide."""

from django.contrib.auth.decorators import login_required, permission_required
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from articles.models import Article
from articles.web.paging import read_page_number
from comments.forms import DecisionForm, StaffForm
from comments.models import Comment, ModerationAction, Thread
from comments.models.comment import MODERATE
from comments.posting import post
from comments.refusals import Refused
from comments.thread_pages import WholePage
from comments.views.responses import fragment, page, refused, see_other

REASONS = [choice for choice in DecisionForm.base_fields["reason"].choices if choice[0]]
NEWEST = 50  # actions of the ledger that the page shows


def moderators_only(view):
    """Let moderators in; send those who are not signed in to the login, others away (403)."""
    return login_required(permission_required(MODERATE, raise_exception=True)(view))


@moderators_only
@require_safe
def thread(request, article_id):
    """Show a whole thread, held and removed comments too, with its newest decisions."""
    article = get_object_or_404(Article, pk=article_id)
    thread = Thread.objects.of(article)
    actions = thread.actions.select_related("comment", "moderator", "undone_by")
    return page(
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
    """The moderator's menu at a comment: a fragment, and a page where there is no JavaScript."""
    comment = get_object_or_404(Comment.objects.select_related("thread__article", "staff"), pk=pk)
    return page(
        request,
        "comments/_moderation_menu.html",
        {
            "comment": comment,
            "branch_size": comment.get_descendant_count() + 1,
            "reasons": REASONS,
            "next": request.GET.get("next", ""),
            "undoable": comment.moderation_items.filter(action__undone_at=None)
            .order_by("-action_id")
            .select_related("action")
            .first(),
        },
    )


@moderators_only
@require_POST
def decide(request, pk, verb):
    """Approve, hold or remove a comment, or prune its branch."""
    comment, _action, refusal = _decided(request, pk, verb)
    if refusal:
        return refused(request, refusal.message, status=refusal.status, comment=comment)
    return _back(request, comment.thread.article)


@moderators_only
@require_POST
def decide_inline(request, pk, verb):
    """The same for a script: answers with what happened and the way back, as a fragment."""
    comment, action, refusal = _decided(request, pk, verb)
    return _told(request, comment, action, refusal)


@moderators_only
@require_http_methods(["GET", "HEAD", "POST"])
def write(request, article_id):
    """Write a comment as a member of the staff, under one's own name; ``parent`` is answered."""
    article = get_object_or_404(Article.objects.published(), pk=article_id)
    form = StaffForm(request.POST or None, initial={"parent": request.GET.get("parent")})
    if not form.is_valid():
        context = {"article": article, "form": form}
        status = 422 if request.method == "POST" else 200
        return page(request, "comments/staff_write.html", context, status=status)
    said = form.cleaned_data
    try:
        comment = post(article, text=said["text"], parent_id=said["parent"], staff=request.user)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        context = {"article": article, "form": form}
        return page(request, "comments/staff_write.html", context, status=refusal.status)
    return see_other(comment)


@moderators_only
@require_POST
def undo(request, pk):
    """Take a decision back."""
    action, refusal = _undone(request, pk)
    article = action.thread.article
    if refusal:
        return refused(request, refusal.message, status=refusal.status, article=article)
    return _back(request, article)


@moderators_only
@require_POST
def undo_inline(request, pk):
    """The same for a script: answers with what happened, as a fragment."""
    action, refusal = _undone(request, pk)
    return _told(request, action.comment, action, refusal)


class NoDecision(Refused):
    status = 404
    message = _("There is no such decision.")


class NoReason(Refused):
    status = 400
    message = _("Please choose a reason.")


def _decided(request, pk, verb):
    """Decide as the form says. Returns the comment, the action, and the refusal instead of it."""
    comment = get_object_or_404(Comment.objects.select_related("thread__article"), pk=pk)
    form = DecisionForm(request.POST, verb=verb)
    if verb not in ModerationAction.Verb.values:
        return comment, None, NoDecision()
    if not form.is_valid():
        return comment, None, NoReason()
    said = {name: value for name, value in form.cleaned_data.items() if value}
    if verb == ModerationAction.Verb.APPROVE:
        said.pop("reason", None)
    try:
        return comment, getattr(comment, verb)(by=request.user, **said), None
    except Refused as refusal:
        return comment, None, refusal


def _undone(request, pk):
    """Take an action back. Returns it, and the refusal where that cannot be."""
    actions = ModerationAction.objects.select_related("thread__article", "comment")
    action = get_object_or_404(actions, pk=pk)
    try:
        action.undo(by=request.user)
    except Refused as refusal:
        return action, refusal
    action.comment.refresh_from_db(fields=["state", "reason"])
    return action, None


def _told(request, comment, action, refusal):
    """Answer a script with what became of a comment, or with the refusal."""
    context = {"comment": comment, "action": action, "refusal": refusal}
    if not refusal:
        context["covered"] = action.items.count()
        context["is_pruned"] = comment.is_pruned
        context["thread"] = Thread.objects.of(comment.thread.article)
    status = refusal.status if refusal else 200
    return fragment(request, "comments/_decided.html", context, status=status)


def _back(request, article):
    """Lead back to the page that asked, else to the thread's page for moderators."""
    wanted = request.POST.get("next", "")
    if wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        return see_other(wanted)
    return see_other(reverse("comments:moderation_thread", args=[article.pk]))
