"""Digests: what the staff hears of without looking, by mail and as a feed.

They name the place of a comment and why it waits: no text, no reader, no network, and no headline
of an article that is and was not public.
"""

from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.web.addresses import build_absolute_url
from articles.web.html import remove_unprintable
from comments.headlines import name_article
from comments.models import Comment, FeedKey, Measure, ModerationAction, Objection
from comments.models.moderators import list_moderators
from comments.models.stamps import format_moment
from comments.models.states import DECISIONS, Actor, Reason, Verb
from comments.staff_mail import Thing, send_things, send_to_each
from comments.waiting import count_waiting, list_waiting

PAGES = 5  # of the queue that a digest looks through
MOST = 100  # entries of each other kind


def list_urgent(now=None):
    """Return what cannot wait, newest first: what waits too long, what reports held, objections,
    and raid protection. A bounded number of queries over partial indexes."""
    now = now or timezone.now()
    things = [*_list_overdue(now), *_list_reported(), *_list_objections(), *_list_raids()]
    return sorted(things, key=lambda thing: thing.at, reverse=True)


def send_urgent(now=None):
    """Mail each moderator what is urgent and was not sent before; returns the number of mails.

    Raises the first error of the mail server after every other moderator was served; what was not
    sent is sent next time.
    """
    now = now or timezone.now()
    with translation.override(settings.LANGUAGE_CODE):
        things = list_urgent(now)
        return _send_to_all(things, now, lambda fresh: _write_urgent(fresh))


def send_daily(now=None):
    """Mail each moderator once a day what waits and what was done; nothing if that is nothing.
    Returns and raises as ``send_urgent``."""
    now = now or timezone.now()
    with translation.override(settings.LANGUAGE_CODE):
        text = _write_daily(now)
        today = Thing(f"daily:{timezone.localdate(now)}", now, text, "")
        return _send_to_all([today] if text else [], now, lambda _fresh: _entitle_daily(text))


def _send_to_all(things, now, write):
    FeedKey.objects.revoke_lost()
    moderators = list_moderators().exclude(email="") if things else ()
    return send_to_each(moderators, now, lambda user: send_things(user, things, now, write))


def _write_urgent(things):
    """Return the subject and the text of a mail about some things."""
    title = ngettext("Urgent: %(count)d entry", "Urgent: %(count)d entries", len(things))
    lines = [line for thing in things for line in (thing.sentence, thing.address, "")]
    return title % {"count": len(things)}, "\n".join([*lines, *_write_foot()])


def _write_daily(now):
    """Return the text of the daily digest; empty if nothing waits and nothing was done."""
    counts = count_waiting()
    since = now - timedelta(days=1)
    acts = ModerationAction.objects.filter(created_at__gt=since, created_at__lte=now)
    done = acts.filter(actor=Actor.MODERATOR, verb__in=DECISIONS).count()
    if not counts.total and not done:
        return ""
    rows = [
        (_("Held"), counts.held),
        (_("Reported"), counts.reported),
        (_("Edited since"), counts.edited),
        (_("Objections"), counts.objections),
        (_("Mentions"), counts.mentions),
    ]
    lines = [f"{label}: {number:,d}" for label, number in rows if number]
    lines = [_("Waiting: %(count)s") % {"count": f"{counts.total:,d}"}, *lines]
    if counts.oldest:
        lines.append(_("The oldest since %(when)s") % {"when": format_moment(counts.oldest)})
    lines.append(_("Decisions of the last 24 hours: %(count)s") % {"count": f"{done:,d}"})
    return "\n".join([*lines, "", _build_queue_address(), "", *_write_foot()])


def _entitle_daily(text):
    return text.partition("\n")[0], text


def _write_foot():
    return [
        "-- ",
        _("Sent by %(site)s to its moderators.") % {"site": settings.SITE_NAME},
        build_absolute_url(reverse("comments:notices")),
    ]


def _list_overdue(now):
    limit, after = now - timedelta(hours=settings.DIGEST_URGENT_HOURS), ""
    for _page in range(PAGES):
        entries, has_more = list_waiting(after=after)
        for entry in entries:
            if entry.since > limit:
                return
            values = {"when": format_moment(entry.since), "place": _describe_entry(entry)}
            sentence = _("Waiting since %(when)s: %(place)s") % values
            subject = f"waiting:{entry.key}:{int(entry.since.timestamp())}"
            yield Thing(subject, entry.since, sentence, _build_queue_address(entry.key))
        if not has_more:
            return
        after = entries[-1].cursor


def _list_reported():
    held = Comment.objects.held().filter(reason=Reason.REPORTS).for_detail()
    for comment in held.order_by("-moderated_at")[:MOST]:
        at = comment.moderated_at or comment.posted_at
        sentence = _("Held after reports: %(place)s") % {"place": _describe_place(comment)}
        subject = f"reports:{comment.pk}:{int(at.timestamp())}"
        yield Thing(subject, at, sentence, _build_queue_address(comment.pk))


def _list_objections():
    objections = Objection.objects.open().select_related("comment__thread__article")
    for objection in objections.order_by("-objected_at")[:MOST]:
        place = _describe_place(objection.comment)
        address = build_absolute_url(reverse("comments:objection", args=[objection.pk]))
        sentence = _("Objection of the commenter: %(place)s") % {"place": place}
        yield Thing(f"objection:{objection.pk}", objection.objected_at, sentence, address)


def _list_raids():
    raids = Measure.objects.in_force().filter(kind=Verb.RAID).select_related("action")
    for raid in raids[:MOST]:
        until = format_moment(raid.until) if raid.until else ""
        sentence = _("Raid protection is on until %(when)s") % {"when": until}
        yield Thing(f"raid:{raid.pk}", raid.action.created_at, sentence, _build_queue_address())


def _describe_entry(entry):
    if entry.is_mention:
        return _("a mention of an article by another site")
    if entry.subject.is_held:
        reason = entry.subject.get_reason_display()
        return f"{_describe_place(entry.subject)} ({reason})"
    return _describe_place(entry.subject)


def _describe_place(comment):
    """Name a comment by its article and number."""
    title = remove_unprintable(name_article(comment.thread.article))
    return _("“%(title)s”") % {"title": title} + f" >>{comment.number}"


def _build_queue_address(key=""):
    query = f"?entry={key}" if key else ""
    return build_absolute_url(f"{reverse('comments:queue')}{query}")
