"""Claims: a moderator's script says which entry is open, and learns what happens meanwhile."""

from django.http import HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_POST

from articles.web.paging import read_integer
from comments.entries import list_claims
from comments.models import Claim, Comment
from comments.models.stamps import Stamp, find_changes
from comments.refusals import Changed
from comments.views.moderation import moderators_only
from comments.views.responses import mark_personal
from comments.waiting import split_keys

LONGEST_TAB = 36  # characters of a tab's name


@moderators_only
@require_POST
def claim(request):
    """Note that a tab has a comment open. Return who else has a comment of the list open, and what
    happened to the open one since ``seen``, as HTML."""
    comment = _find_open(request)
    if comment:
        Claim.objects.take(comment, by=request.user, tab=_read_tab(request))
    listed, _mentions = split_keys(request.POST.getlist("listed")[:100])
    pks = [*listed, comment.pk] if comment else listed
    seen = request.POST.get("seen", "")
    changes = find_changes(comment, Stamp.read(seen)) if comment and seen else []
    answer = {"claims": list_claims(pks, request.user), "html": ""}
    if changes:
        context = {"refusal": Changed(changes), "is_changed": True, "refused_key": comment.pk}
        answer["html"] = render_to_string("comments/_queue_refusal.html", context, request)
    return mark_personal(JsonResponse(answer))


@moderators_only
@require_POST
def release(request):
    """End the claim of a tab that is closed."""
    Claim.objects.release(by=request.user, tab=_read_tab(request))
    return mark_personal(HttpResponse(status=204))


def _find_open(request):
    pk = read_integer(request.POST.get("entry", ""))
    return Comment.objects.filter(pk=pk).first() if pk is not None else None


def _read_tab(request):
    return request.POST.get("tab", "")[:LONGEST_TAB]
