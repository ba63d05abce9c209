"""One decision about many comments: those chosen on a page, or all that it lists."""

from urllib.parse import urlencode

from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from articles.web.paging import read_integer
from comments.models import Comment, ModerationAction, Objection
from comments.models.moderated import decide
from comments.models.objection import ANSWERS
from comments.models.stamps import add_act_stamps, check_seen
from comments.models.states import PUBLIC_REASONS, Reason, Verb
from comments.quoting import find_quotations_of
from comments.refusals import Changed, NoneChosen
from comments.selections import list_scope, read_chosen, write_chosen
from comments.views.decisions import SPAM, read_press, read_press_fields
from comments.views.moderation import moderators_only
from comments.views.responses import answer_refusals, read_own_path, render_page, see_other


# A login that interrupts a POST leads back by GET.
@moderators_only
@require_http_methods(["GET", "HEAD", "POST"])
@answer_refusals()
def bulk(request, shown):
    """Decide about the chosen comments, or about all that a page lists. Ask first, with their
    number, before removing any, answering objections or deciding about all."""
    if request.method != "POST":
        return redirect("comments:queue")
    is_all = "all" in request.POST
    press = request.POST.get("all") or request.POST.get("verb", "")
    verb = read_press(press)
    if is_all:
        comments = list_scope(request.POST.get("scope", ""), moderator=request.user)
    else:
        chosen = read_chosen(request.POST.getlist("chosen"))
        comments = list(Comment.objects.filter(pk__in=chosen).order_by("-pk"))
    if not comments:
        raise NoneChosen
    is_grave = verb == Verb.REMOVE or _count_objections(verb, comments)
    if is_all or (is_grave and "confirmed" not in request.POST):
        return _ask(request, press, comments, write_chosen(comments) if is_all else "")
    return _carry_out(request, verb, press, chosen)


def find_shown_act(request):
    """Return the act that a page's address names: the one that has just led back to it."""
    pk = read_integer(request.GET.get("act", ""))
    acts = ModerationAction.objects.select_related("moderator", "undone_by")
    found = list(acts.filter(pk=pk)) if pk is not None else []
    add_act_stamps(found)
    return found[0] if found else None


def _lead_on(request, action):
    """Redirect to what quotes the comments that were removed for privacy, else back."""
    if not find_quotations_of(action):
        return lead_back(request, action)
    query = urlencode({"next": read_next(request)})
    return see_other(f"{reverse('comments:quoting', args=[action.pk])}?{query}")


def lead_back(request, action):
    """Redirect to the page that the form names; it shows the act."""
    page = read_next(request)
    joint = "&" if "?" in page else "?"
    return see_other(f"{page}{joint}act={action.pk}" if action else page)


def read_next(request):
    """Return the page that a form names, a page of this site."""
    return read_own_path(request.POST.get("next", "")) or reverse("comments:queue")


def _count_objections(verb, comments):
    """Return the number of the open objections that a decision would answer."""
    objections = Objection.objects.open().filter(comment__in=[comment.pk for comment in comments])
    return objections.count() if verb in ANSWERS else 0


def _ask(request, press, comments, lines):
    """Show what a decision will cover, and ask for its reason."""
    context = _build_form(request, press, comments, lines)
    return render_page(request, "comments/bulk_ask.html", context)


def _build_form(request, press, comments, lines=""):
    """Return the context of the form that decides about some comments."""
    verb = read_press(press)
    chosen_reason = request.POST.get("reason", "")
    return {
        "press": press,
        "verb": verb,
        "comments": comments[:10],
        "size": len(comments),
        "objections": _count_objections(verb, comments),
        "article_count": len({comment.thread_id for comment in comments}),
        "chosen": lines or "\n".join(request.POST.getlist("chosen")),
        "needs_reason": verb == Verb.REMOVE,
        "reason": chosen_reason or (Reason.SPAM.value if press == SPAM else ""),
        "note": request.POST.get("note", ""),
        "reasons": PUBLIC_REASONS,
        "next": read_next(request),
    }


def _carry_out(request, verb, press, chosen):
    if press == SPAM and "reason" in request.POST:  # chosen on the page that asked
        press = verb
    fields = read_press_fields(request.POST, press, verb)
    check_seen(verb, *chosen.values())
    comments = Comment.objects.filter(pk__in=chosen)
    action, refusals = decide(comments, verb, by=request.user, seen=chosen, **fields)
    if not refusals:
        return _lead_on(request, action)
    if action:
        add_act_stamps([action])
    return _show_refused(request, press, action, refusals)


def _show_refused(request, press, action, refusals):
    """Show what was not decided about, and why; what has changed can be decided about as it is now,
    with the reason and the note as typed."""
    changed = [comment.pk for comment, why in refusals.items() if isinstance(why, Changed)]
    comments = list(Comment.objects.filter(pk__in=changed).order_by("-pk"))
    context = {"action": action, "refusals": refusals.items()}
    context |= _build_form(request, press, comments, write_chosen(comments))
    return render_page(request, "comments/bulk_refused.html", context, status=409)
