"""The comments that quote or name what was removed for reasons of privacy."""

from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods

from articles.web.paging import read_integer
from comments.models import Comment, ModerationAction
from comments.models.moderated import decide
from comments.models.stamps import check_seen
from comments.models.states import Reason, Verb
from comments.quoting import find_quotations_of
from comments.refusals import NothingChosen
from comments.views.moderation import choose_next, find_comment, moderators_only
from comments.views.responses import answer_refusals, render_page, see_other

TEMPLATE = "comments/quoting.html"


@moderators_only
@require_http_methods(["GET", "HEAD", "POST"])
@answer_refusals(TEMPLATE)
def quoting(request, shown, pk):
    """List them, and hold the chosen ones with one press."""
    actions = ModerationAction.objects.select_related(
        "comment__thread", "thread__article", "moderator"
    )
    action = get_object_or_404(actions, pk=pk)
    quotations = find_quotations_of(action)
    wanted = request.POST.get("next", request.GET.get("next", ""))
    shown.update(
        action=action, quotations=quotations, next=choose_next(wanted, find_comment(action))
    )
    if request.method != "POST":
        return render_page(request, TEMPLATE, shown)
    listed = {quotation.comment.pk for quotation in quotations}
    chosen = listed & {read_integer(pk) for pk in request.POST.getlist("comment")}
    if not chosen:
        raise NothingChosen
    seen = {pk: request.POST.get(f"seen-{pk}", "") for pk in chosen}
    check_seen(Verb.HOLD, *seen.values())
    held, refusals = decide(
        Comment.objects.filter(pk__in=chosen),
        Verb.HOLD,
        by=request.user,
        reason=Reason.PRIVACY,
        seen=seen,
    )
    if refusals:
        shown.update(refusals=refusals, held=held, quotations=find_quotations_of(action))
        return render_page(request, TEMPLATE, shown, status=409)
    return see_other(shown["next"])
