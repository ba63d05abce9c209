"""Writing a comment: the form below the thread, the reply page, and both as fragments."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_POST, require_safe

from articles.models import Article
from articles.web.origin import same_origin
from articles.web.paging import read_integer
from comments import compiled, form_tokens
from comments.forms import CommentForm
from comments.models import Comment, Thread
from comments.nodes import Node
from comments.posting import submit
from comments.readers import writer_of
from comments.refusals import AskedAgain, Refused, ThreadClosed, TooDeep
from comments.rendering import rendered
from comments.views.responses import (
    fragment,
    from_elsewhere,
    keeping_text,
    page,
    personal,
    refused,
    see_other,
)


@same_origin(from_elsewhere)
@require_POST
@keeping_text
def post_comment(request, article_id):
    """Write a comment under an article and lead to it; else show the form again, text and all."""
    article = _open_article(article_id)
    comment, writer, context, status = _written(request, article)
    if comment is None:
        return page(request, "comments/reply.html", context, status=status)
    return _remembered(writer, comment, see_other(comment))


@same_origin(from_elsewhere)
@require_POST
@keeping_text
def post_inline(request, article_id):
    """The same for a script: answers with the comment, or with the form, as a fragment."""
    article = _open_article(article_id)
    comment, writer, context, status = _written(request, article)
    if comment is None:
        return fragment(request, "comments/_form.html", context, status=status)
    context = {
        "node": Node(comment, comment.parent, is_starter=comment.is_of_starter),
        "comment": comment,
        "article": article,
        "is_open": True,
    }
    return _remembered(writer, comment, fragment(request, "comments/_posted.html", context))


@require_safe
def reply(request, pk):
    """Show a comment with the form for an answer below it."""
    return _reply_form(request, pk, page, "comments/reply.html")


@require_safe
def reply_form(request, pk):
    """The form for an answer to a comment, as a fragment."""
    return _reply_form(request, pk, fragment, "comments/_form.html")


@require_safe
def token(request, article_id):
    """Answer with a form token for the place that ``parent`` names, as plain text."""
    article = _open_article(article_id)
    parent_id = read_integer(request.GET.get("parent", ""))
    return personal(
        HttpResponse(form_tokens.make_token(article.pk, parent_id), content_type="text/plain")
    )


def _written(request, article):
    """Return (comment, writer, context, status): the comment that was written, or None and what
    the form shows instead."""
    form = CommentForm(request.POST)
    if not form.is_valid():
        return None, None, _context(form, article), 422
    said = form.cleaned_data
    if "preview" in request.POST:
        preview = mark_safe(rendered(said["text"], {}))
        return None, None, _context(form, article) | {"preview": preview}, 200
    writer = writer_of(request)
    try:
        comment = submit(
            article,
            text=said["text"],
            name=said["name"],
            parent_id=said["parent"],
            reader=writer,
            token=said["token"],
            website=said["website"],
            confirmed=said["confirmed"],
        )
    except Refused as refusal:
        form.add_error(None, str(refusal))
        context = _context(form, article)
        context["asked_again"] = isinstance(refusal, AskedAgain)
        if form_tokens.token_state(said["token"], article.pk, said["parent"]) in {
            "expired",
            "forged",
        }:
            context["token"] = form_tokens.make_token(article.pk, said["parent"])
        return None, None, context, refusal.status
    return comment, writer, None, 200


def _context(form, article):
    """Return what a form shows that comes back."""
    return {"article": article, "comment": _parent_of(form, article), "form": form}


def _open_article(article_id):
    article = _articles.first(article_id, timezone.now())
    if article is None:
        raise Http404
    return article


@compiled.rows
def _articles(pk, now):
    thread = [f"thread__{field.name}" for field in Thread._meta.concrete_fields]
    articles = Article.objects.order_by().published(now).select_related("thread")
    return articles.only("kind", "slug", "title", "published_at", *thread).filter(pk=pk)


def _remembered(writer, comment, answer):
    """Give a new key out, unless a double click found the comment of somebody else's key."""
    return writer.remember(answer) if comment.is_written_by(writer) else answer


def _reply_form(request, pk, answer, template):
    comment = get_object_or_404(_answerable(), pk=pk)
    article = comment.thread.article
    if not comment.accepts_replies:
        reason = TooDeep if comment.thread.accepts_comments else ThreadClosed
        return refused(request, reason.message, status=409, comment=comment)
    context = {
        "article": article,
        "comment": comment,
        "form": CommentForm(initial={"parent": comment.pk}),
        "token": form_tokens.make_token(article.pk, comment.pk),
    }
    return answer(request, template, context)


def _answerable():
    return Comment.objects.published().readable().select_related("thread__article", "staff")


def _parent_of(form, article):
    """Return the comment that a form answers, or None, whatever the form holds."""
    parent = read_integer(form.data.get("parent", ""))
    if parent is None:
        return None
    return _answerable().filter(pk=parent, thread__article=article).first()
