"""The page of a removal with replies: what goes, what stays, and the press that does it."""

from urllib.parse import parse_qsl, urlencode

from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods

from comments.entries import REASONS
from comments.headlines import may_show_headline
from comments.models import Comment
from comments.models.moderated import decide
from comments.models.stamps import check_seen
from comments.models.states import Verb
from comments.models.trees import threads_write
from comments.pruning import Pruning
from comments.refusals import Refused
from comments.views.decisions import read_decision
from comments.views.moderation import choose_next, moderators_only
from comments.views.queue import build_address, build_place
from comments.views.responses import read_own_path, render_page, see_other
from comments.waiting import split_keys

TEMPLATE = "comments/prune.html"
ASK = "ask"  # the form of an entry asks for the page, with what was typed there


@moderators_only
@require_http_methods(["GET", "HEAD", "POST"])
def prune(request, pk):
    """Show what a removal with replies takes; on POST do it, or show the page with what was typed
    in the queue. A refusal shows the page anew, too."""
    comment = get_object_or_404(Comment.objects.for_detail(), pk=pk)
    typed = request.POST if request.method == "POST" else request.GET
    context = {
        "comment": comment,
        "article": comment.thread.article,
        "is_headline_public": may_show_headline(comment.thread.article),
        "pruning": Pruning(comment),
        "reasons": REASONS,
        "typed": typed,
        **_read_ways(typed, comment),
    }
    if request.method != "POST" or ASK in request.POST:
        return render_page(request, TEMPLATE, context)
    try:
        _prune(request, comment)
    except Refused as refusal:
        comment.refresh_from_db()
        context |= {"refusal": refusal, "pruning": Pruning(comment)}
        return render_page(request, TEMPLATE, context, status=refusal.status)
    return see_other(_leave_removed(context["next"], comment))


def _prune(request, comment):
    """Remove the branch, and hold what repeats it if the form says so: both or neither."""
    fields = read_decision(request.POST, Verb.PRUNE)
    check_seen(Verb.PRUNE, fields.get("seen", ""))
    seen = _read_quoting(request, comment)
    others = Comment.objects.filter(pk__in=seen).published()
    with threads_write([comment.thread.article_id]):
        comment.prune(by=request.user, **fields)
        fields["seen"] = seen
        _action, refusals = decide(others, Verb.HOLD, by=request.user, **fields)
        for refusal in refusals.values():
            raise refusal


def _leave_removed(address, comment):
    """Return an address of the queue without its entry, if the removal took that one too."""
    path, _mark, query = address.partition("?")
    values = dict(parse_qsl(query))
    pks, _mentions = split_keys([values.get("entry", "")])
    if not Comment.objects.branch_of(comment).filter(pk__in=pks).exists():
        return address
    del values["entry"]
    return f"{path}?{urlencode(values)}" if values else path


def _read_quoting(request, comment):
    """Return the stamps of the comments that repeat what goes, if the form says to hold them. Those
    that the page did not show are left out."""
    quotations = Pruning(comment).quotations if request.POST.get("hold") else []
    pks = [quotation.comment.pk for quotation in quotations]
    return {pk: request.POST[f"seen-{pk}"] for pk in pks if request.POST.get(f"seen-{pk}")}


def _read_ways(typed, comment):
    """Return the pages to go to after the removal and without it. The queue names its entry and the
    one after that; without a page it is the place of the comment."""
    if ASK in typed:
        place = build_place(typed)
        ways = [build_address(place, typed.get(name, "")) for name in ("next", "chosen")]
    else:
        after = choose_next(typed.get("next", ""), comment)
        ways = [after, read_own_path(typed.get("back", "")) or after]
    return dict(zip(("next", "back"), ways, strict=True))
