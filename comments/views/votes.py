"""Voting."""

from django.http import Http404
from django.utils import timezone
from django.views.decorators.http import require_POST

from articles.models.bare import bare_rows
from articles.web.origin import same_origin
from comments.bans import refuse_banned
from comments.forms import VoteForm
from comments.models import Comment
from comments.rates import keep_rate
from comments.readers import identify_writer
from comments.refusals import NotVotable, NoVote
from comments.views.responses import (
    answer_refusals,
    refuse_from_elsewhere,
    render_fragment,
    see_other,
)


@same_origin(refuse_from_elsewhere)
@require_POST
@answer_refusals()
def vote(request, shown, pk):
    """Set the reader's vote on a comment and redirect to the comment."""
    writer = _vote(request, shown, pk)
    return writer.remember(see_other(shown["comment"]))


@same_origin(refuse_from_elsewhere)
@require_POST
@answer_refusals("comments/_score.html", render_fragment)
def vote_inline(request, shown, pk):
    """Set the reader's vote; return buttons and score as a fragment for the page's script."""
    writer = _vote(request, shown, pk)
    shown["vote"] = shown["comment"].find_vote(writer)
    return writer.remember(render_fragment(request, "comments/_score.html", shown))


def _vote(request, shown, pk):
    """Set the vote and return the reader who voted."""
    shown["comment"] = comment = _comments.first(pk, timezone.now())
    if comment is None:
        raise Http404
    fields = VoteForm.read(request.POST)
    if fields is None:
        raise NoVote
    if not comment.is_published:
        raise NotVotable
    writer = identify_writer(request)
    refuse_banned(writer)
    keep_rate("vote", writer)
    comment.vote(reader=writer, value=fields["value"])
    return writer


@bare_rows
def _comments(pk, now):
    comments = Comment.objects.order_by().readable(now).select_related("thread__article")
    return comments.only("state", "thread__article__published_at").filter(pk=pk)
