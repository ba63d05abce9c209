"""The moderators' queue: what waits, one entry of it, and the decisions about entries."""

from datetime import timedelta
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from articles.models import Article
from articles.web.paging import read_integer
from comments.entries import REASONS, Entry, list_claims
from comments.models import ModerationAction
from comments.models.comment import MODERATE
from comments.models.stamps import add_act_stamps
from comments.quoting import count_quotations_of
from comments.refusals import Changed, NoReason, Refused
from comments.views.ledger import find_act, undo_act
from comments.views.moderation import moderators_only
from comments.views.responses import (
    answer_refusals,
    mark_personal,
    render_fragment,
    render_page,
    see_other,
)
from comments.views.verdicts import decide_entries
from comments.waiting import KINDS, find_all_waiting, find_waiting, list_waiting, read_counts

RECENT = timedelta(hours=12)  # as long the own last decision stands above the entry
MOST_CHOSEN = 500  # entries of one decision
FIRST = 1  # the position in parts of the page; the script knows the list
BULK = "bulk"  # the name of the buttons for several entries


@moderators_only
@require_safe
def queue(request):
    """Show what waits for a moderator, the oldest first, with one entry."""
    context = build_queue(request, request.GET)
    part = request.GET.get("part")
    if part == "list":
        return render_fragment(request, "comments/_queue_list.html", context)
    return render_page(request, "comments/queue.html", context)


@moderators_only
@require_safe
def entry(request, key):
    """Show one entry as a fragment, for the script that fetches the next one ahead."""
    waiting = find_waiting(key)
    if waiting is None:
        raise Http404
    context = build_place(request.GET) | _build_choices()
    context |= {"entry": Entry(waiting, moderator=request.user), "position": FIRST}
    context["counts"] = read_counts(request)
    return render_fragment(request, "comments/_queue_entry.html", context)


@require_safe
def corner(request):
    """Show a member of the staff the ways from a public page to its work, as a fragment: to the
    form of the page's article (``article``) and to the queue. Nothing to others."""
    user, pk = request.user, read_integer(request.GET.get("article", ""))
    may_change = user.has_perm("articles.change_article") and pk is not None
    own = Article.objects.changeable_by(user).untrashed() if may_change else Article.objects.none()
    context = {"article": own.filter(pk=pk).only("title", "phrases", "language").first()}
    if not user.has_perm(MODERATE) and not context["article"]:
        return mark_personal(HttpResponse(status=204))
    return render_fragment(request, "comments/_corner.html", context)


# A login that interrupts a POST leads back by GET.
@moderators_only
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request, verb):
    """Decide about one entry or several; then show the next one.

    Several are asked about first if the decision needs a reason. What has changed meanwhile is
    not decided about but shown, with what happened.
    """
    if request.method != "POST":
        return redirect("comments:queue")
    place = build_place(request.POST)
    keys = request.POST.getlist("chosen")[:MOST_CHOSEN]
    try:
        refusals = decide_entries(request, verb, keys)
    except NoReason as refusal:
        if BULK in request.POST:
            return _ask(request, verb, keys, refusal)
        return _show_refused(request, place, keys, {None: refusal})
    except Refused as refusal:
        return _show_refused(request, place, keys, {None: refusal})
    if refusals:
        return _show_refused(request, place, keys, refusals)
    return see_other(build_address(place, _choose_next(request, keys)))


@moderators_only
@require_POST
def decide_inline(request, verb):
    """Decide about an entry; return the head and the last decision as fragments, or what speaks
    against it (409)."""
    keys = request.POST.getlist("chosen")[:MOST_CHOSEN]
    context = build_place(request.POST)
    try:
        refusals = decide_entries(request, verb, keys)
    except Refused as refusal:
        refusals = {None: refusal}
    if refusals:
        refusal = next(iter(refusals.values()))
        context |= {"refusal": refusal, "is_changed": isinstance(refusal, Changed)}
        context["refused_key"] = keys[0] if keys else ""
        status = refusal.status
        return render_fragment(request, "comments/_queue_refusal.html", context, status=status)
    return _render_outcome(request, context)


@moderators_only
@require_http_methods(["GET", "HEAD", "POST"])
@answer_refusals("comments/action.html")
def undo(request, shown, pk):
    """Undo the last decision, and show its entry again."""
    if request.method != "POST":
        return redirect("comments:queue")
    shown["action"] = action = find_act(pk)
    shown["note"] = request.POST.get("note", "")
    undo_act(request, action)
    return see_other(build_address(build_place(request.POST), request.POST.get("entry", "")))


@moderators_only
@require_POST
def undo_inline(request, pk):
    """Undo an act; return the head and the last decision as fragments."""
    action, context = find_act(pk), build_place(request.POST)
    try:
        undo_act(request, action)
    except Refused as refusal:
        context |= {"refusal": refusal}
        return render_fragment(
            request, "comments/_queue_refusal.html", context, status=refusal.status
        )
    return _render_outcome(request, context)


def _render_outcome(request, context):
    context |= {"counts": read_counts(request), "last": find_last(request.user), "position": FIRST}
    return render_fragment(request, "comments/_queue_decided.html", context)


def build_queue(request, query, **shown):
    """Return the context of the queue's page: its list, one entry, the counts."""
    place = build_place(query)
    entries, has_more = list_waiting(
        place["kind"], newest_first=place["order"] == "new", after=query.get("after", "")
    )
    _add_claims(entries, request.user)
    current = _find_current(entries, shown.pop("key", "") or query.get("entry", ""))
    index = next((i for i, row in enumerate(entries) if current and row.key == current.key), None)
    others = [row.key for row in entries if current and row.key != current.key]
    return {
        **place,
        **_build_choices(),
        "counts": read_counts(request),
        "entries": entries,
        "cursor": entries[-1].cursor if has_more else "",
        "entry": current and Entry(current, moderator=request.user),
        "position": index + 1 if index is not None else None,
        "previous_key": entries[index - 1].key if index else "",
        "next_key": (others[index or 0 :] or others[:1] or [""])[0],
        "is_list": query.get("view") == "list",
        "last": find_last(request.user),
        **shown,
    }


def find_last(moderator):
    """Return the moderator's last act that can be undone or was undone, if it is recent."""
    acts = ModerationAction.objects.filter(moderator=moderator, created_at__gt=_since())
    places = ("comment__thread__article", "mention__article")
    bodies = [f"{place}__{name}" for place in places for name in ("body", "lead")]
    acts = acts.select_related(*places, "moderator").defer("comment__html", *bodies)
    last = acts.order_by("-pk").first()
    add_act_stamps([last] if last else [])
    if last:
        last.quoting = count_quotations_of(last)
    return last


def _since():
    return timezone.now() - RECENT


def build_place(query):
    """Return the kind and the order that an address or a form names."""
    kind, order = query.get("kind", ""), query.get("order", "")
    place = {"kind": kind if kind in KINDS else "", "order": "new" if order == "new" else ""}
    return place | {"query": urlencode({name: value for name, value in place.items() if value})}


def build_address(place, key=""):
    query = {name: place[name] for name in ("kind", "order") if place[name]}
    query |= {"entry": key} if key else {}
    address = reverse("comments:queue")
    return f"{address}?{urlencode(query)}" if query else address


def _build_choices():
    return {"reasons": REASONS}


def _add_claims(entries, user):
    claims = list_claims([row.pk for row in entries if not row.is_mention], user)
    for row in entries:
        row.claimed_by = [] if row.is_mention else claims.get(row.pk, [])


def _find_current(entries, key):
    """Return the entry that an address names, else the first."""
    for row in entries:
        if row.key == key:
            return row
    found = find_waiting(key) if key else None
    return found or (entries[0] if entries else None)


def _choose_next(request, keys):
    """Return the key of the next entry that the form names, unless it was decided about too."""
    wanted = request.POST.get("next", "")
    return wanted if wanted not in keys else ""


def _ask(request, verb, keys, refusal):
    """Ask for the reason of a decision about several entries."""
    rows = find_all_waiting(keys)
    stamps = [(f"seen-{key}", request.POST.get(f"seen-{key}", "")) for key in keys]
    context = build_place(request.POST) | _build_choices()
    context |= {"rows": rows, "stamps": stamps, "verb": verb, "is_asked": "reason" in request.POST}
    context |= {"refusal": refusal, "note": request.POST.get("note", "")}
    return render_page(request, "comments/queue_ask.html", context, status=422)


def _show_refused(request, place, keys, refusals):
    """Show the queue with what was not decided, and why; typed texts are kept."""
    status = next(iter(refusals.values())).status
    shown = {
        "refusals": list(refusals.items()),
        "is_changed": any(isinstance(refusal, Changed) for refusal in refusals.values()),
        "note": request.POST.get("note", ""),
        "chosen_reason": request.POST.get("reason", ""),
        "key": keys[0] if len(keys) == 1 else "",
        "refused_key": keys[0] if len(keys) == 1 else "",
    }
    shown["is_stale"] = shown["is_changed"] and bool(shown["refused_key"])
    context = build_queue(request, request.POST, **shown)
    return render_page(request, "comments/queue.html", context, status=status)
