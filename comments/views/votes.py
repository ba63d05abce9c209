"""Voting."""

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from articles.web.origin import same_origin
from comments import compiled
from comments.forms import VoteForm
from comments.models import Comment
from comments.readers import writer_of
from comments.refusals import NotVotable, Refused
from comments.views.responses import fragment, from_elsewhere, refused, see_other


@same_origin(from_elsewhere)
@require_POST
def vote(request, pk):
    """Set the reader's vote on a comment and lead to it."""
    comment, writer, refusal = _voted(request, pk)
    if refusal:
        return refused(request, refusal.message, status=refusal.status, comment=comment)
    return writer.remember(see_other(comment))


@same_origin(from_elsewhere)
@require_POST
def vote_inline(request, pk):
    """The same for a script: answers with the buttons and the new score, as a fragment."""
    comment, writer, refusal = _voted(request, pk)
    context = {"comment": comment, "refusal": refusal}
    if refusal:
        return fragment(request, "comments/_score.html", context, status=refusal.status)
    context["vote"] = comment.vote_of(writer)
    return writer.remember(fragment(request, "comments/_score.html", context))


class NoVote(Refused):
    status = 400

    def __init__(self, message):
        super().__init__(message)
        self.message = message


def _voted(request, pk):
    """Return (comment, writer, refusal); the refusal is None where the vote was set."""
    comment = _comments.first(pk, timezone.now())
    if comment is None:
        raise Http404
    form = VoteForm(request.POST)
    if not form.is_valid():
        return comment, None, NoVote(_("This is no vote."))
    if not comment.is_published:
        return comment, None, NotVotable()
    writer = writer_of(request)
    try:
        comment.vote(reader=writer, value=form.cleaned_data["value"])
    except Refused as refusal:
        return comment, None, refusal
    return comment, writer, None


@compiled.rows
def _comments(pk, now):
    comments = Comment.objects.order_by().readable(now).select_related("thread")
    return comments.only("state", "thread__article_id").filter(pk=pk)
