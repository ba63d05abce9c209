"""The moderators' page of a thread, their menu at a comment, and their decisions."""

from django.contrib.auth.decorators import login_required, permission_required
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_safe

from articles.models import Article
from articles.web.paging import read_page_number
from comments.forms import DecisionForm, StaffForm
from comments.models import Comment, ModerationAction, Thread
from comments.models.comment import MODERATE
from comments.models.stamps import add_act_stamps, add_stamps
from comments.posting import post
from comments.thread_pages import WholePage
from comments.views.responses import (
    answer_refusals,
    read_form,
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
    actions = thread.actions.select_related("comment", "mention", "moderator", "undone_by")
    actions = list(actions[:NEWEST])
    add_act_stamps(actions)
    page = WholePage(thread, number=read_page_number(request.GET))
    comments = [node.comment for node in page.nodes]
    add_stamps(comments)
    for comment in comments:
        comment.is_open_to_approval = comment.pk in page.approvable
    return render_page(
        request,
        "comments/moderation_thread.html",
        {
            "article": article,
            "thread": thread,
            "page": page,
            "actions": actions,
            "reasons": REASONS,
        },
    )


@moderators_only
@require_safe
def menu(request, pk):
    """Show the moderator's menu at a comment: a fragment, or a page without JavaScript."""
    comment = get_object_or_404(Comment.objects.for_detail(), pk=pk)
    add_stamps([comment])
    undoable = ModerationAction.objects.undoable().filter(items__comment=comment)[:1]
    add_act_stamps(undoable)
    return render_page(
        request,
        "comments/_moderation_menu.html",
        {
            "comment": comment,
            "branch_size": comment.get_descendant_count() + 1,
            "reasons": REASONS,
            "next": request.GET.get("next", ""),
            "is_approvable": comment.is_approvable,
            "undoable": undoable[0] if undoable else None,
        },
    )


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


def redirect_to_log(comment):
    """Redirect to a comment on the moderators' page of its thread."""
    page = reverse("comments:moderation_thread", args=[comment.thread.article_id])
    return redirect(f"{page}#comment-{comment.pk}")


def redirect_back(request, article):
    """Redirect to the page that the form names, else to the moderators' page of the thread."""
    return see_other(choose_next(request.POST.get("next", ""), article.thread))


def choose_next(wanted, thread):
    """Return the address of this site that a form names, else that of the moderators' page of a
    thread, or of the queue."""
    if wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        return wanted
    if thread is None:
        return reverse("comments:queue")
    return reverse("comments:moderation_thread", args=[thread.article_id])
