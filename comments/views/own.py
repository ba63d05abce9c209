"""A reader's own comments and votes, identified by the cookie alone."""

from django.db.models import BooleanField, Case, F, Q, When
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.views.decorators.http import require_http_methods, require_safe

from articles.models import Article
from articles.web.origin import same_origin
from comments import held_links
from comments.editing import edit, withdraw
from comments.forms import EditForm
from comments.models import AnswerNotice, Comment, Vote
from comments.rates import keep_rate
from comments.readers import identify_reader
from comments.refusals import NotEditable
from comments.views.responses import (
    answer_refusals,
    mark_personal,
    read_form,
    read_own_path,
    refuse_from_elsewhere,
    render_page,
    render_refusal,
    see_other,
)


@require_safe
def mine(request, article_id):
    """Return the reader's own votes, comments and held comments in a thread, as JSON."""
    reader = identify_reader(request)
    article = get_object_or_404(Article.objects.published(), pk=article_id)
    signatures = held_links.read_signatures(request)
    own = list_own(reader).filter(thread__article=article).order_by("posted_at")
    own = share_threads(own)
    held = [comment for comment in own if comment.is_held]
    if signatures:
        others = Comment.objects.held().filter(thread__article=article, pk__in=signatures)
        held += others.exclude(pk__in=[comment.pk for comment in own]).order_by("posted_at")
    votes = list(_list_votes(article, reader))
    answers = Comment.objects.answering(reader).filter(thread__article=article)
    answers = list(AnswerNotice.objects.with_unread(answers, reader).values_list("pk", "is_unread"))
    edited = {comment.pk: comment.edited_at for comment in own if comment.edited_at}
    answer = {
        "votes": {pk: [value, score] for pk, value, score, _changed in votes},
        "changed": [pk for pk, _value, _score, changed in votes if changed],
        "own": [comment.pk for comment in own],
        "latest": max((comment.pk for comment in own if comment.is_published), default=None),
        "published": own[-1].thread.published_count if own else 0,
        "edited": {pk: at.replace(microsecond=0) for pk, at in edited.items()},
        "gone": [comment.pk for comment in own if comment.is_removed],
        "answers": dict(answers),
        "editable": [comment.pk for comment in own if comment.is_editable],
        "held": [_describe_hidden(request, comment, signatures) for comment in held],
        "removed": [
            _describe_hidden(request, comment, {})
            for comment in own
            if comment.is_removed and comment.is_objectable
        ],
    }
    return mark_personal(JsonResponse(answer))


@same_origin(refuse_from_elsewhere)
@require_http_methods(["GET", "HEAD", "POST"])
@answer_refusals("comments/edit.html")
def change(request, shown, pk):
    """Show the writer's form for a comment, and save the new text."""
    comment = _find_own(request, pk)
    if request.method != "POST" and not comment.is_editable:
        return render_refusal(request, NotEditable(), comment=comment)
    initial = {"text": comment.text, "before": comment.digest}
    form = EditForm(request.POST or None, initial=initial)
    shown.update(comment=comment, article=comment.thread.article, form=form)
    shown["back"] = _read_back(request)
    fields, reader = read_form(request, form), identify_reader(request)
    keep_rate("edit", reader)
    edit(comment, reader=reader, **fields)
    return see_other((comment.is_published and shown["back"]) or comment)


@same_origin(refuse_from_elsewhere)
@require_http_methods(["GET", "HEAD", "POST"])
@answer_refusals()
def delete(request, shown, pk):
    """Ask the writer to confirm, and delete a comment."""
    comment = _find_own(request, pk)
    shown.update(comment=comment, article=comment.thread.article, back=_read_back(request))
    if request.method != "POST":
        return render_page(request, "comments/delete.html", shown)
    withdraw(comment, reader=identify_reader(request), before=request.POST.get("before", ""))
    return see_other(shown["back"] or f"{comment.thread.article.get_absolute_url()}#comments")


def _read_back(request):
    """Return the page of this site to which a form leads back, or an empty text."""
    return read_own_path(request.POST.get("next", request.GET.get("next", "")))


def list_own(reader):
    """Return a reader's comments on articles that are public, with the objections to them."""
    own = Comment.objects.filter(reader_hash=reader.hash or None)
    return own.readable().for_detail().select_related("objection__answer")


def share_threads(comments):
    """Return comments as a list; those of one thread share it, so its measures are read once."""
    threads, comments = {}, list(comments)
    for comment in comments:
        comment.thread = threads.setdefault(comment.thread_id, comment.thread)
    return comments


def _list_votes(article, reader):
    """Return the reader's votes in a thread, as (comment, value, score, whether the comment was
    edited since)."""
    votes = Vote.objects.filter(comment__thread__article=article, voter=reader.hash or None)
    changed = Q(comment__edited_at__gt=F("voted_at"))
    votes = votes.annotate(
        changed=Case(When(changed, then=True), default=False, output_field=BooleanField())
    )
    return votes.values_list("comment_id", "value", "comment__score", "changed")


def _find_own(request, pk):
    comment = get_object_or_404(list_own(identify_reader(request)), pk=pk)
    if comment.is_removed:
        raise Http404
    return comment


def _describe_hidden(request, comment, signatures):
    signature = signatures.get(comment.pk, "")
    context = {"comment": comment, "article": comment.thread.article, "is_apart": signature}
    return {
        "pk": comment.pk,
        "parent": comment.parent_id,
        "address": held_links.build_address(comment, signature),
        "html": render_to_string("comments/_held.html", context, request),
    }
