"""The days around today: when articles were published, and when the scheduled ones will be."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from articles.models import Article, ArticleChange, Assignment

BEFORE, AFTER = 2, 4  # days around today
SECONDS = 86_400  # of a day


@dataclass(slots=True)
class Day:
    """A day as a strip from 0 to 24 hours; moments are percent of it."""

    date: date
    published: list = field(default_factory=list)
    scheduled: list = field(default_factory=list)
    changes: list = field(default_factory=list)
    due: int = 0
    now: float | None = None

    @property
    def count(self):
        return len(self.published) + len(self.scheduled) + len(self.changes) + self.due


def find_midnight(days):
    """Return the beginning of today, or of a day so many days away."""
    day = timezone.localdate() + timedelta(days=days)
    return timezone.make_aware(datetime.combine(day, time.min))


def list_days(user):
    """Return the days around today, with what a member of the staff may know of. Three queries."""
    now, today = timezone.localtime(), timezone.localdate()
    days = {day: Day(day) for day in (today + timedelta(days=n) for n in range(-BEFORE, AFTER + 1))}
    public = Article.objects.filter(
        status=Article.Status.PUBLISHED,
        kind__in=Article.Kind.values,
        published_at__gte=find_midnight(-BEFORE),
        published_at__lt=find_midnight(AFTER + 1),
    )
    moments = public.order_by("published_at").values_list("published_at", flat=True)
    parts = defaultdict(list)
    for moment in map(timezone.localtime, moments):
        parts[moment.date(), moment > now].append(_compute_share(moment))
    for day in days.values():
        day.published, day.scheduled = parts[day.date, False], parts[day.date, True]
    for moment in map(timezone.localtime, _list_planned_changes()):
        days[moment.date()].changes.append(_compute_share(moment))
    for assignment in Assignment.objects.open().visible_to(user).filter(due_on__in=days):
        days[assignment.due_on].due += 1
    days[today].now = _compute_share(now)
    return list(days.values())


def _list_planned_changes():
    """Return the moments at which draft changes of the days will be applied."""
    planned = ArticleChange.objects.scheduled().filter(
        at__gte=find_midnight(-BEFORE), at__lt=find_midnight(AFTER + 1)
    )
    return planned.order_by("at").values_list("at", flat=True)


def _compute_share(moment):
    """Return how many percent of its day have passed at a moment."""
    seconds = moment.hour * 3_600 + moment.minute * 60 + moment.second
    return round(100 * seconds / SECONDS, 1)
