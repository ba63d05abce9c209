"""The page of one comment."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from articles.web.paging import read_page_number
from comments import held_links
from comments.best import find_best
from comments.models import Comment
from comments.notices import list_place_notices
from comments.readers import identify_reader
from comments.thread_pages import BranchPage, ThreadPage
from comments.tree_html import render_branch
from comments.views.responses import mark_personal, render_fragment

GONE = 410
STAFF_COOKIE = "staff"  # a mark for scripts and this page, no right


@require_safe
def detail(request, pk):
    """Show a comment between the comments that it answers and its replies. Its writer also sees
    whether it is held, and why. Of a removed one the placeholder is shown (410)."""
    comment = _find_visible(request, pk)
    reader = identify_reader(request)
    is_mine = comment.is_written_by(reader)
    vote = comment.read_vote(reader)
    ancestors = list(comment.get_ancestors().select_related("staff"))
    for ancestor in ancestors:
        ancestor.thread = comment.thread
    article, is_open = comment.thread.article, comment.thread.accepts_comments
    branch = BranchPage(comment, number=read_page_number(request.GET))
    is_writers = is_mine or comment.pk in held_links.read_signatures(request)
    is_writers_copy = comment.is_objectable and (is_mine if comment.is_removed else is_writers)
    ranks = find_best(comment.thread_id).ranks
    context = {
        "comment": comment,
        "rank": ranks.get(comment.pk, 0),
        "article": article,
        "ancestors": ancestors,
        "branch": branch,
        "replies": render_branch(branch, ranks) if branch.nodes else "",
        "is_mine": is_mine,
        "is_writers": is_writers,
        "is_writers_copy": is_writers_copy,
        "state_class": _name_state_class(comment, is_writers_copy),
        "is_open": is_open,
        "is_staff": request.COOKIES.get(STAFF_COOKIE) == "1",
        "place_notices": list_place_notices(comment),
        "vote": vote.value if vote else 0,
        "is_vote_outdated": vote is not None and vote.is_outdated,
    }
    html = render_to_string("comments/comment_detail.html", context, request)
    status = GONE if comment.is_removed and not is_writers_copy else 200
    response = mark_personal(HttpResponse(html, status=status))
    if held_links.PARAMETER in request.GET:
        response["Referrer-Policy"] = "strict-origin"  # the address is for its writer alone
    return response


@require_safe
def quoted(request, pk):
    """Show a published comment as a small fragment, for comments that name it as ``>>12``."""
    comment = get_object_or_404(_list_comments().published(), pk=pk)
    return render_fragment(request, "comments/_quoted.html", {"comment": comment})


@require_safe
def place(request, pk):
    """Redirect to a comment in its thread: to the article's page, or to the page of its tree if
    the article's page leaves the comment out."""
    comment = _find_visible(request, pk)
    if not comment.is_shown:
        return mark_personal(redirect(comment))
    thread = comment.thread
    root = thread.comments.get(tree_id=comment.tree_id, parent=None)
    number = ThreadPage(thread).find_page(root)
    anchor = f"#{comment.anchor}"
    if ThreadPage(thread, number=number).shows(comment):
        query = f"?page={number}" if number > 1 else ""
        return mark_personal(redirect(f"{thread.article.get_absolute_url()}{query}{anchor}"))
    number = BranchPage(root).find_page(comment)
    query = f"?page={number}" if number > 1 else ""
    return mark_personal(redirect(f"{root.get_absolute_url()}{query}{anchor}"))


def _list_comments():
    return Comment.objects.readable().for_detail()


def _find_visible(request, pk):
    """Return a comment of which this reader may know: shown in the thread now or before, or their
    own."""
    comment = get_object_or_404(_list_comments(), pk=pk)
    is_own = comment.is_written_by(identify_reader(request))
    if is_own or pk in held_links.read_signatures(request) or comment.is_shown:
        return comment
    if comment.is_removed and comment.first_state == Comment.State.PUBLISHED:
        return comment  # readers have seen it
    raise Http404


def _name_state_class(comment, is_writers_copy):
    """Return the classes of a comment on its page."""
    if comment.is_published:
        return "comment"
    if not is_writers_copy:
        return "comment comment--removed"
    return f"comment comment--held{' comment--taken' if comment.is_removed else ''}"
