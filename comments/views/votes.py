"""Voting."""

from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from articles.models import Article
from comments.forms import VoteForm
from comments.models import Comment
from comments.origin import same_origin
from comments.readers import writer_of
from comments.refusals import Refused
from comments.views.answers import from_elsewhere, personal, refused


@same_origin(from_elsewhere)
@require_POST
def vote(request, pk):
    """Set the reader's vote on a comment and lead to it."""
    comment = get_object_or_404(
        Comment.objects.filter(thread__article__in=Article.objects.published()).select_related(
            "thread__article", "staff"
        ),
        pk=pk,
    )
    form = VoteForm(request.POST)
    if not form.is_valid():
        return refused(request, _("This is no vote."), status=400, comment=comment)
    writer = writer_of(request)
    try:
        comment.vote(reader=writer, value=form.cleaned_data["value"])
    except Refused as refusal:
        return refused(request, refusal.message, status=refusal.status, comment=comment)
    return personal(writer.remember(redirect(comment)))
