"""One decision about many comments: those chosen on a page, or all that it lists."""

from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from articles.web.paging import read_integer
from comments.forms import DecisionForm
from comments.models import Comment, ModerationAction
from comments.models.moderated import decide
from comments.models.stamps import add_act_stamps
from comments.models.states import PUBLIC_REASONS, Reason, Verb
from comments.refusals import NoDecision, NoneChosen, NoReason, UnfitNote
from comments.selections import list_scope, read_chosen, write_chosen
from comments.views.moderation import moderators_only
from comments.views.responses import answer_refusals, render_page, see_other

SPAM = "spam"  # the press that removes as advertising
VERBS = {verb.value: verb for verb in (Verb.APPROVE, Verb.HOLD, Verb.REMOVE)} | {SPAM: Verb.REMOVE}


# A login that interrupts a POST leads back by GET.
@moderators_only
@require_http_methods(["GET", "HEAD", "POST"])
@answer_refusals()
def bulk(request, shown):
    """Decide about the chosen comments, or about all that a page lists. Ask first, with their
    number, before removing any or deciding about all."""
    if request.method != "POST":
        return redirect("comments:queue")
    is_all = "all" in request.POST
    press = request.POST.get("all") or request.POST.get("verb", "")
    if press not in VERBS:
        raise NoDecision
    verb = VERBS[press]
    if is_all:
        comments = list_scope(request.POST.get("scope", ""), moderator=request.user)
    else:
        chosen = read_chosen(request.POST.getlist("chosen"))
        comments = list(Comment.objects.filter(pk__in=chosen).order_by("-pk"))
    if not comments:
        raise NoneChosen
    if is_all or (verb == Verb.REMOVE and "confirmed" not in request.POST):
        return _ask(request, press, comments, write_chosen(comments) if is_all else None)
    return _carry_out(request, verb, press, chosen)


def find_shown_act(request):
    """Return the act that a page's address names: the one that has just led back to it."""
    pk = read_integer(request.GET.get("act", ""))
    acts = ModerationAction.objects.select_related("moderator", "undone_by")
    found = list(acts.filter(pk=pk)) if pk is not None else []
    add_act_stamps(found)
    return found[0] if found else None


def lead_back(request, action):
    """Redirect to the page that the form names; it shows the act."""
    page = read_next(request)
    joint = "&" if "?" in page else "?"
    return see_other(f"{page}{joint}act={action.pk}" if action else page)


def read_next(request):
    """Return the page that a form names, a page of this site."""
    page = request.POST.get("next", "")
    is_own = page.startswith("/") and url_has_allowed_host_and_scheme(page, allowed_hosts=None)
    return page if is_own else "/moderation/"


def _ask(request, press, comments, lines):
    """Show what a decision will cover, and ask for its reason."""
    context = {
        "press": press,
        "verb": VERBS[press],
        "comments": comments[:10],
        "size": len(comments),
        "article_count": len({comment.thread_id for comment in comments}),
        "chosen": lines or "\n".join(request.POST.getlist("chosen")),
        "needs_reason": VERBS[press] == Verb.REMOVE,
        "reason": Reason.SPAM.value if press == SPAM else request.POST.get("reason", ""),
        "reasons": PUBLIC_REASONS,
        "next": read_next(request),
    }
    return render_page(request, "comments/bulk_ask.html", context)


def _carry_out(request, verb, press, chosen):
    form = DecisionForm(request.POST, verb=verb)
    if not form.is_valid():
        raise NoReason if "reason" in form.errors else UnfitNote
    fields = {name: form.cleaned_data[name] for name in ("reason", "note")}
    if verb == Verb.APPROVE:
        fields["reason"] = ""
    elif not fields["reason"]:
        fields["reason"] = Reason.CHECK.value
    comments = Comment.objects.filter(pk__in=chosen)
    action, refusals = decide(comments, verb, by=request.user, seen=chosen, **fields)
    if not refusals:
        return lead_back(request, action)
    if action:
        add_act_stamps([action])
    context = {"action": action, "refusals": refusals.items(), "next": read_next(request)}
    return render_page(request, "comments/bulk_refused.html", context, status=409)
