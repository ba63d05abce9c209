"""Transparency: what moderation did in a month, in numbers, from the ledger.

A month costs eight queries over indexes of that month's rows, whatever the number of comments, and
is cached for a day. No table of sums is kept: what is undone later changes an old month too.

Numbers from 1 to 4 would name people, so they are concealed (``conceal_few``).
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from statistics import median

from django.core.cache import cache
from django.db.models import Count, Max, Min, Q
from django.utils import timezone

from comments.models import (
    Comment,
    Measure,
    ModerationAction,
    ModerationItem,
    Objection,
    Report,
)
from comments.models.states import PUBLIC_REASONS, Actor, Reason, State, Verb

A_DAY = 86_400  # seconds that a month is cached
FEWEST = 5  # smaller numbers are concealed
SHOWN = 12  # months in the chart, the table and the feed
REMOVALS = (Verb.REMOVE, Verb.PRUNE)
OTHER_ACTS = (Verb.BAN, Verb.ERASE, Verb.LOCK)
HOUR = timedelta(hours=1)
# How long a decision took, up to each of these.
LIMITS = (HOUR / 4, HOUR, 6 * HOUR, 24 * HOUR, timedelta.max)
SOURCES = ("reports", "rules", "checks", "moderators")


@dataclass(frozen=True, slots=True)
class Removal:
    """A comment that a moderator removed in the month, by its last removal."""

    reason: str
    is_restored: bool
    wait: timedelta
    source: str


@dataclass(slots=True)
class Figures:
    """The removals of one reason, or of all."""

    removed: int = 0
    restored: int = 0
    median: timedelta | None = None

    @classmethod
    def of(cls, removals):
        waits = [removal.wait for removal in removals]
        return cls(
            removed=len(removals),
            restored=sum(removal.is_restored for removal in removals),
            median=median(waits) if len(waits) >= FEWEST else None,
        )


@dataclass(slots=True)
class Month:
    """What moderation did in a month."""

    start: date
    written: int = 0
    total: Figures = field(default_factory=Figures)
    reasons: dict = field(default_factory=dict)  # {reason: Figures}
    waits: list = field(default_factory=list)  # removals up to each of LIMITS
    sources: dict = field(default_factory=dict)  # {source: removals}
    reports: int = 0
    reports_kept: int = 0
    objections: int = 0
    upheld: int = 0
    answer_median: timedelta | None = None
    raids: int = 0
    raid_time: timedelta = timedelta()
    acts: dict = field(default_factory=dict)  # {verb: acts of OTHER_ACTS}


def list_months():
    """Return the first days of the complete months since the first decision, newest first."""
    today = timezone.localdate().replace(day=1)
    first = cache.get_or_set("transparency:first", _find_first_month, timeout=A_DAY)
    months, month = [], shift_month(today, -1)
    while first and month >= first:
        months.append(month)
        month = shift_month(month, -1)
    return months


def shift_month(start, count):
    """Return the first day of another month."""
    number = start.year * 12 + start.month - 1 + count
    return date(number // 12, number % 12 + 1, 1)


def load_month(start):
    """Return a complete month; computed once a day."""
    key = f"transparency:{start:%Y-%m}:{timezone.localdate()}"
    return cache.get_or_set(key, lambda: compute_month(start), timeout=A_DAY)


def load_removed(start):
    """Return how many comments were removed in a month; counted once a day."""
    key = f"transparency:removed:{start:%Y-%m}:{timezone.localdate()}"
    return cache.get_or_set(key, lambda: count_removed(start), timeout=A_DAY)


def count_removed(start):
    """Count the comments removed in a month. One query."""
    items = ModerationItem.objects.filter(action__in=_list_removing_acts(_build_period(start)))
    return items.aggregate(count=Count("comment", distinct=True))["count"]


def compute_month(start):
    """Compute a month from the ledger. Eight queries."""
    period = _build_period(start)
    removals = _read_removals(period)
    objections = list(
        Objection.objects.filter(objected_at__range=period)
        .order_by()
        .values_list("objected_at", "answered_at", "is_upheld")
    )
    answers = [answered - objected for objected, answered, _upheld in objections if answered]
    filed = Report.objects.filter(reported_at__range=period).order_by()
    is_kept = Q(answer__actor=Actor.MODERATOR, answer__verb__in=[Verb.KEEP, Verb.APPROVE])
    reports = filed.aggregate(filed=Count("pk"), kept=Count("pk", filter=is_kept))
    raids = Measure.objects.filter(kind=Verb.RAID, action__created_at__range=period).order_by()
    raids = raids.values_list("action__created_at", "until", "action__undone_at")
    times = [min(filter(None, ends), default=begin) - begin for begin, *ends in raids]
    acts = ModerationAction.objects.filter(created_at__range=period, undone_at=None).order_by()
    acts = acts.filter(verb__in=OTHER_ACTS).values_list("verb")
    # With the states, the index by state and date answers.
    written = Comment.objects.filter(state__in=State.values, posted_at__range=period)
    return Month(
        start=start,
        written=written.order_by().count(),
        total=Figures.of(removals),
        reasons={
            reason: Figures.of([removal for removal in removals if removal.reason == reason])
            for reason, _label in PUBLIC_REASONS
        },
        waits=_count_waits(removals),
        sources={
            source: sum(removal.source == source for removal in removals) for source in SOURCES
        },
        reports=reports["filed"],
        reports_kept=reports["kept"],
        objections=len(objections),
        upheld=sum(bool(is_upheld) for _objected, _answered, is_upheld in objections),
        answer_median=median(answers) if len(answers) >= FEWEST else None,
        raids=len(times),
        raid_time=sum(times, timedelta()),
        acts=dict(acts.annotate(Count("pk"))),
    )


def conceal_few(numbers):
    """Return the numbers with None for those from 1 to 4.

    Beside a published sum a single one could be computed: then the smallest other number is None
    too, if there is one.
    """
    concealed = [None if 0 < number < FEWEST else number for number in numbers]
    if concealed.count(None) == 1:
        others = [number for number in concealed if number]
        if others:
            concealed[concealed.index(min(others))] = None
    return concealed


def _find_first_month():
    acts = ModerationAction.objects.filter(actor=Actor.MODERATOR).order_by("created_at")
    first = acts.values_list("created_at", flat=True).first()
    return first and timezone.localdate(first).replace(day=1)


def _build_period(start):
    """Return the first and the last moment of a month in the site's time zone."""
    zone = timezone.get_default_timezone()
    begin, end = (
        datetime(day.year, day.month, day.day, tzinfo=zone)
        for day in (start, shift_month(start, 1))
    )
    return begin, end - timedelta(microseconds=1)


def _list_removing_acts(period):
    acts = ModerationAction.objects.filter(created_at__range=period, verb__in=REMOVALS)
    return acts.filter(actor=Actor.MODERATOR).order_by()


def _read_removals(period):
    """Return the removals of a period, one for each comment. Three queries."""
    acts = _list_removing_acts(period)
    items = ModerationItem.objects.filter(action__in=acts).order_by()
    comments = items.values("comment")
    reported = dict(
        Report.objects.filter(answer__in=acts)
        .order_by()
        .values_list("comment")
        .annotate(Min("reported_at"))
    )
    held = ModerationItem.objects.filter(
        comment__in=comments, action__actor=Actor.SITE, action__verb=Verb.HOLD
    ).order_by()
    held = dict(held.values_list("comment").annotate(Max("action__created_at")))
    rows = items.order_by("action_id").values_list(
        *("comment_id", "action__reason", "action__created_at"),
        *("comment__state", "comment__posted_at", "comment__first_state"),
        *("comment__matched_rule", "comment__first_reason"),
    )
    return list(
        {
            row[0]: _build_removal(row, reported.get(row[0]), held.get(row[0])) for row in rows
        }.values()
    )


def _build_removal(row, reported_at, held_at):
    _pk, reason, decided_at, state, posted_at, first_state, rule, first_reason = row
    was_held = first_state == State.HELD
    brought = [at for at in (reported_at, held_at) if at and at <= decided_at]
    since = posted_at if was_held or not brought else min(brought)
    return Removal(
        reason=reason,
        is_restored=state == State.PUBLISHED,
        wait=max(decided_at - since, timedelta()),
        source=_name_source(reported_at, rule or first_reason == Reason.WORDS, was_held or held_at),
    )


def _name_source(reported_at, has_rule, was_held):
    if reported_at:
        return "reports"
    if has_rule:
        return "rules"
    return "checks" if was_held else "moderators"


def _count_waits(removals):
    """Count the removals by how long they took, up to each of ``LIMITS``."""
    counts = [0] * len(LIMITS)
    for removal in removals:
        place = next(index for index, limit in enumerate(LIMITS) if removal.wait <= limit)
        counts[place] += 1
    return counts
