"""The page of one comment."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_safe

from articles.models import Article
from comments.models import Comment
from comments.readers import reader_of
from comments.views.answers import page, personal


def _comments():
    return Comment.objects.filter(thread__article__in=Article.objects.published()).select_related(
        "thread__article", "staff"
    )


@require_safe
def detail(request, pk):
    """Show a comment, what it answers, and to its own writer whether it waits and why."""
    comment = get_object_or_404(_comments(), pk=pk)
    reader = reader_of(request)
    is_mine = comment.is_written_by(reader)
    if not comment.is_published and not is_mine and not _is_placeholder(comment):
        raise Http404
    ancestors = list(comment.get_ancestors().select_related("staff"))
    for ancestor in ancestors:
        ancestor.thread = comment.thread
    return page(
        request,
        "comments/comment_detail.html",
        {
            "comment": comment,
            "article": comment.thread.article,
            "ancestors": ancestors,
            "replies": comment.visible_descendants().filter(parent=comment).for_thread(),
            "is_mine": is_mine,
            "vote": comment.vote_of(reader),
        },
    )


@require_safe
def place(request, pk):
    """Lead to where a comment stands in its thread."""
    comment = get_object_or_404(_comments(), pk=pk)
    if not comment.is_published and not _is_placeholder(comment):
        raise Http404
    return personal(redirect(comment.place))


def _is_placeholder(comment):
    return comment.visible_descendants().exists()
