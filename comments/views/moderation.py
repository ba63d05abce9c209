"""The moderators' page of a thread, their menu at a comment, and their decisions."""

from functools import wraps

from django.contrib.auth.decorators import login_required, permission_required
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from articles.models import Article
from articles.web.paging import read_page_number
from comments.forms import DecisionForm, StaffForm
from comments.measure_choices import build_measure_choices, build_mode_choices, list_measures
from comments.models import Comment, Measure, ModerationAction, Thread
from comments.models.comment import MODERATE
from comments.models.measure import describe_mode
from comments.models.stamps import add_act_stamps, add_stamps
from comments.posting import post
from comments.thread_pages import WholePage
from comments.views.resending import keep_forms
from comments.views.responses import (
    answer_refusals,
    mark_personal,
    read_form,
    read_own_path,
    render_page,
    see_other,
)

REASONS = [choice for choice in DecisionForm.base_fields["reason"].choices if choice[0]]
NEWEST = 50  # actions of the ledger that the page shows


def moderators_only(view):
    """Admit moderators only: redirect anonymous users to the login, and refuse others (403). A form
    outlives the end of a login. No cache stores an answer."""
    admit = login_required(permission_required(MODERATE, raise_exception=True)(view))
    admit = keep_forms(admit)

    @wraps(view)
    def answer(request, *args, **kwargs):
        return mark_personal(admit(request, *args, **kwargs))

    return answer


@moderators_only
@require_safe
def thread(request, article_id):
    """Show a whole thread, held and removed comments too, with its newest decisions."""
    article = get_object_or_404(Article, pk=article_id)
    thread = Thread.objects.filter(article=article).first() or Thread(article=article)
    thread.article = article
    actions = ModerationAction.objects.select_related(
        "comment", "mention", "moderator", "undone_by"
    )
    actions = list(actions.newest_of(thread, NEWEST))
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
            "mode": describe_mode(thread.regime.mode),
            "closes_at": thread.regime.closes_at,
            "measures": list_measures(Measure.objects.filter(thread=thread.pk or 0)),
            **build_mode_choices(),
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
        build_measure_choices(comment)
        | {
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


@moderators_only
@require_safe
def place(request, pk):
    """Redirect to a comment on its page of the moderators' thread."""
    return redirect_to_log(get_object_or_404(Comment.objects.select_related("thread"), pk=pk))


def redirect_to_log(comment):
    """Redirect to a comment on the moderators' page of its thread. One query."""
    return mark_personal(redirect(build_place(comment)))


def build_place(comment):
    """Return the address of a comment on the moderators' page of its thread. One query."""
    page = reverse("comments:moderation_thread", args=[comment.thread.article_id])
    number = WholePage.find_number(comment)
    query = f"?page={number}" if number > 1 else ""
    return f"{page}{query}#{comment.anchor}"


def find_comment(action):
    """Return the comment at which one stands after an act or its undo: its own, or the first that
    it covers; None without any."""
    item = None
    if not action.comment:
        item = action.items.select_related("comment__thread").order_by("pk").first()
    return item.comment if item else action.comment


def redirect_back(request, *, comment=None, default=""):
    """Redirect to the page that the form names, else to a comment on the moderators' page of its
    thread, else to a default."""
    return see_other(choose_next(request.POST.get("next", ""), comment, default))


def choose_next(wanted, comment=None, default=""):
    """Return the address of this site that a form names, else that of a comment on the moderators'
    page of its thread, else a default, else the queue."""
    if address := read_own_path(wanted):
        return address
    return build_place(comment) if comment else default or reverse("comments:queue")
