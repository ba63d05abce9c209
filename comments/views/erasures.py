"""The page on which two moderators erase a comment for good."""

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from comments.erasing import (
    confirm_erasure,
    list_noted,
    request_erasure,
    withdraw_erasure,
)
from comments.forms import ErasureForm
from comments.models import Comment, Erasure
from comments.models.moderators import has_other_moderators
from comments.models.stamps import check_seen
from comments.models.states import Verb
from comments.quoting import find_quotations
from comments.views.moderation import moderators_only
from comments.views.responses import answer_refusals, read_form, render_page, see_other

TEMPLATE = "comments/erase.html"


@moderators_only
@require_http_methods(["GET", "HEAD", "POST"])
@answer_refusals(TEMPLATE)
def erase(request, shown, pk):
    """Show what would be erased with a comment, and take a request for it."""
    comment = get_object_or_404(Comment.objects.for_detail(), pk=pk)
    _describe(request, shown, comment)
    if request.method != "POST":
        return render_page(request, TEMPLATE, shown)
    shown["form"] = form = ErasureForm(request.POST)
    fields = read_form(request, form)
    check_seen(Verb.REQUEST, fields["seen"])
    request_erasure(comment, by=request.user, **fields)
    return see_other(reverse("comments:erase", args=[pk]))


@moderators_only
@require_POST
@answer_refusals(TEMPLATE)
def confirm(request, shown, pk):
    """Erase a comment, as another moderator asked."""
    erasure = _find_erasure(pk)
    _describe(request, shown, erasure.comment)
    seen = request.POST.get("seen", "")
    check_seen(Verb.ERASE, seen)
    confirm_erasure(erasure, by=request.user, seen=seen)
    return see_other(reverse("comments:erase", args=[erasure.comment_id]))


@moderators_only
@require_POST
@answer_refusals(TEMPLATE)
def withdraw(request, shown, pk):
    """Withdraw a request."""
    erasure = _find_erasure(pk)
    _describe(request, shown, erasure.comment)
    withdraw_erasure(erasure, by=request.user)
    return see_other(reverse("comments:erase", args=[erasure.comment_id]))


def _find_erasure(pk):
    erasures = Erasure.objects.select_related("comment__thread__article", "request__moderator")
    return get_object_or_404(erasures, pk=pk)


def _describe(request, shown, comment):
    """Fill the context of the page."""
    erasures = comment.erasures.select_related("request__moderator", "action__moderator")
    done = erasures.exclude(action=None).first()
    shown.update(
        comment=comment,
        article=comment.thread.article,
        form=ErasureForm(initial={"seen": comment.stamp}),
        done=done,
        pending=erasures.pending().first(),
        has_second=has_other_moderators(request.user),
    )
    if not done:
        shown.update(
            quotations=find_quotations(Comment.objects.filter(pk=comment.pk)),
            old_texts=comment.old_texts.count(),
            reports=comment.reports.count(),
            notes=list_noted(comment).count(),
        )
