"""Modes, raid protection, locks, pins: measures are taken and ended here."""

from datetime import timedelta

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from articles.models import Article
from comments.measure_choices import (
    AT_COMMENT,
    build_measure_choices,
    build_mode_choices,
    list_measures,
)
from comments.measure_forms import RAID_HOURS, MeasureForm, list_hours
from comments.models import Comment, Measure, ModerationAction, Thread
from comments.models.comment import MODERATE
from comments.models.ledger import undo_acts
from comments.models.stamps import check_seen
from comments.models.states import Mode, RaidMode, Verb
from comments.refusals import NoDecision, UnfitMeasure
from comments.views.ledger import render_outcome
from comments.views.moderation import choose_next, moderators_only, redirect_back, redirect_to_log
from comments.views.resending import keep_forms
from comments.views.responses import answer_refusals, render_fragment, render_page, see_other

FEATURING = (MODERATE, "articles.publish_article")  # moderators and editors


@moderators_only
@require_safe
def modes(request):
    """Show the mode of the site, raid protection, and all measures in force."""
    measures = list_measures(Measure.objects.exclude(kind=Verb.BAN))
    of_site = Measure.read_regime(Thread(article=Article()))
    context = {
        "mode": Mode(of_site.mode).label,
        "raid": next((each for each in measures if each.kind == Verb.RAID), None),
        "measures": measures,
        "raid_modes": RaidMode.choices,
        "raid_hours": list_hours(RAID_HOURS),
        "next": request.path,
        **build_mode_choices(),
    }
    return render_page(request, "comments/modes.html", context)


# A login that interrupts a POST leads back by GET.
@moderators_only
@require_http_methods(["GET", "HEAD", "POST"])
@answer_refusals()
def take_for_site(request, shown, kind):
    """Set the site's mode, or start raid protection."""
    shown["back"] = choose_next(request.POST.get("next", ""), default=reverse("comments:modes"))
    if request.method == "POST":
        if kind not in {Verb.MODE, Verb.RAID}:
            raise NoDecision
        Measure.take(kind, by=request.user, **_read_measure(request))
    return see_other(shown["back"])


@moderators_only
@require_http_methods(["GET", "HEAD", "POST"])
@answer_refusals()
def take_for_thread(request, shown, article_id, kind):
    """Set the mode of an article."""
    article = get_object_or_404(Article, pk=article_id)
    page = reverse("comments:moderation_thread", args=[article.pk])
    shown["back"] = choose_next(request.POST.get("next", ""), default=f"{page}#modes")
    if request.method == "POST":
        if kind != Verb.MODE:
            raise NoDecision
        thread = Thread.objects.of(article)
        Measure.take(kind, by=request.user, thread=thread, **_read_measure(request))
    return see_other(shown["back"])


@moderators_only
@require_http_methods(["GET", "HEAD", "POST"])
@answer_refusals()
def take_at_comment(request, shown, pk, kind):
    """Lock or slow a branch, pin or feature a comment; on GET show it."""
    comment = _find_comment(shown, pk)
    if request.method != "POST":
        return redirect_to_log(comment)
    _take_at_comment(request, comment, kind)
    return redirect_back(request, comment=comment)


@moderators_only
@require_POST
@answer_refusals("comments/_decided.html", render_fragment)
def take_inline(request, shown, pk, kind):
    """Take a measure at a comment; return the outcome as a fragment for the page's script."""
    comment = _find_comment(shown, pk)
    action = _take_at_comment(request, comment, kind)
    return render_outcome(request, action, comment)


@moderators_only
@require_safe
def measures(request, pk):
    """Show a comment with its reports and the measures that may be taken there."""
    comment = get_object_or_404(Comment.objects.for_detail(), pk=pk)
    return render_page(request, "comments/measures.html", build_measure_choices(comment))


@moderators_only
@require_http_methods(["GET", "HEAD", "POST"])
@answer_refusals()
def end_raid(request, shown):
    """End raid protection: undo all acts of it that are in force."""
    shown["back"] = choose_next(request.POST.get("next", ""), default=reverse("comments:modes"))
    if request.method != "POST":
        return see_other(shown["back"])
    with transaction.atomic():
        raids = Measure.objects.of_site().filter(kind=Verb.RAID)
        raids.refuse_changed(request.POST.get("seen", ""), request.user)
        undo_acts([raid.action for raid in Measure.objects.raids()], by=request.user)
    return see_other(shown["back"])


@keep_forms
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@answer_refusals()
def feature(request, shown, pk):
    """Feature a comment, for editors too; the page can undo it."""
    if not any(map(request.user.has_perm, FEATURING)):
        raise PermissionDenied
    readable = Comment.objects.readable().for_detail()
    comment = get_object_or_404(readable, pk=pk)
    shown.update(comment=comment, article=comment.thread.article)
    featured = ModerationAction.objects.filter(
        comment=comment, verb=Verb.FEATURE, undone_at=None
    ).order_by("-pk")
    if request.method == "POST":
        if "undo" in request.POST:
            same = Measure.objects.filter(kind=Verb.FEATURE, comment=comment)
            same.refuse_changed(request.POST.get("seen", ""), request.user)
            for action in featured:
                action.undo(by=request.user)
        else:
            _take_at_comment(request, comment, Verb.FEATURE)
        return see_other(f"{reverse('comments:place', args=[comment.pk])}#{comment.anchor}")
    shown["featured"] = featured.first()
    return render_page(request, "comments/feature.html", shown)


def _find_comment(shown, pk):
    comment = get_object_or_404(Comment.objects.for_detail(), pk=pk)
    shown.update(comment=comment, article=comment.thread.article)
    return comment


def _take_at_comment(request, comment, kind):
    if kind not in AT_COMMENT:
        raise NoDecision
    fields = _read_measure(request)
    if kind in {Verb.PIN, Verb.FEATURE}:  # they show a text that a moderator has read
        check_seen(Verb.APPROVE, fields["seen"])
    return Measure.take(kind, by=request.user, comment=comment, **fields)


def _read_measure(request):
    """Return the fields of a measure; raises ``UnfitMeasure`` if the form is wrong."""
    form = MeasureForm(request.POST)
    if not form.is_valid():
        raise UnfitMeasure
    fields = form.cleaned_data
    hours = fields.pop("hours")
    until = timezone.now() + timedelta(hours=hours) if hours else None
    return {**fields, "until": until}
