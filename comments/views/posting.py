"""Writing a comment, and the page on which a reply is written without JavaScript."""

from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from articles.models import Article
from comments import posting
from comments.forms import CommentForm
from comments.models import Comment
from comments.origin import same_origin
from comments.readers import writer_of
from comments.refusals import Refused
from comments.views.answers import from_elsewhere, page, personal, refused


@same_origin(from_elsewhere)
@require_POST
def post_comment(request, article_id):
    """Write a comment under an article and lead to it; else show the form again, text and all."""
    article = get_object_or_404(Article.objects.published(), pk=article_id)
    form = CommentForm(request.POST)
    if not form.is_valid():
        return _form_again(request, article, form)
    writer = writer_of(request)
    try:
        comment = posting.post(
            article,
            text=form.cleaned_data["text"],
            name=form.cleaned_data["name"],
            parent_id=form.cleaned_data["parent"],
            reader=writer,
        )
    except Refused as refusal:
        return refused(request, refusal.message, status=refusal.status, article=article)
    answer = personal(redirect(comment))
    # A double click without a cookie finds the comment that exists and gets no key to it.
    return writer.remember(answer) if comment.is_written_by(writer) else answer


@require_safe
def reply(request, pk):
    """Show a comment with the form for an answer below it."""
    comment = get_object_or_404(_answerable(), pk=pk)
    if not comment.accepts_replies:
        return refused(request, posting.ThreadClosed.message, status=409, comment=comment)
    form = CommentForm(initial={"parent": comment.pk})
    return page(request, "comments/reply.html", _reply_page(comment.thread.article, comment, form))


def _answerable():
    return (
        Comment.objects.published()
        .filter(thread__article__in=Article.objects.published())
        .select_related("thread__article", "staff")
    )


def _form_again(request, article, form):
    """Show a form that was not right, with its errors and everything that was typed."""
    parent = form.data.get("parent", "")
    comment = (
        _answerable().filter(pk=parent, thread__article=article).first()
        if parent.isascii() and parent.isdigit() and len(parent) < 19
        else None
    )
    return page(request, "comments/reply.html", _reply_page(article, comment, form), status=422)


def _reply_page(article, comment, form):
    return {"article": article, "comment": comment, "form": form}
