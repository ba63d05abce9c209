"""The states of articles as the staff sees them: a shape, a word, and the time that matters."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from articles.workflow import Status

SCHEDULED, PUBLIC, EXPIRED, RETURNED = "scheduled", "public", "expired", "returned"
ICONS = {
    Status.DRAFT.value: "disc",
    RETURNED: "reply",
    Status.REVIEW.value: "half-disc",
    SCHEDULED: "clock",
    PUBLIC: "full-disc",
    EXPIRED: "ban",
    Status.WITHDRAWN.value: "close",
    Status.TRASH.value: "trash",
}
LABELS = {
    Status.DRAFT.value: Status.DRAFT.label,
    Status.REVIEW.value: Status.REVIEW.label,
    SCHEDULED: gettext_lazy("Scheduled"),
    PUBLIC: pgettext_lazy("state of an article", "Live"),
    EXPIRED: gettext_lazy("Expired"),
    Status.WITHDRAWN.value: Status.WITHDRAWN.label,
    Status.TRASH.value: pgettext_lazy("state of an article", "Trash"),
}
CELL_LABELS = {**LABELS, RETURNED: gettext_lazy("Returned")}  # no filter of the list has it
WORKED_ON = {Status.DRAFT.value, Status.REVIEW.value, RETURNED}  # their age matters, not a date
MINUTE, HOUR = 60, 3_600  # seconds
SHORT_AGE = 2 * HOUR  # ages below are said in minutes


@dataclass(frozen=True, slots=True)
class State:
    """``name`` is one of ``CELL_LABELS``; ``moment`` may be None."""

    name: str
    moment: datetime | None

    @property
    def label(self):
        return CELL_LABELS[self.name]

    @property
    def icon(self):
        return ICONS[self.name]

    @property
    def when(self):
        """The moment in few words: how long ago, or on which day."""
        if self.moment is None:
            return ""
        return describe_age(self.moment) if self.name in WORKED_ON else describe_day(self.moment)


def read_state(article):
    """Return the state of an article. Rows that know ``changed_at`` say when it was worked on."""
    if article.is_scheduled:
        return State(SCHEDULED, article.published_at)
    if article.is_expired:
        return State(EXPIRED, article.expires_at)
    if article.is_published:
        return State(PUBLIC, article.published_at)
    if article.is_trashed:
        return State(article.status, article.trashed_at)
    is_returned = article.status == Status.DRAFT and article.return_note
    name = RETURNED if is_returned else article.status
    return State(name, getattr(article, "changed_at", None) or article.created_at)


def describe_age(moment):
    """Say how long ago a moment was; of another day, which day."""
    now = timezone.now()
    seconds = max(0, int((now - moment).total_seconds()))
    if seconds < SHORT_AGE:
        count = seconds // MINUTE
        return ngettext("%(count)d minute ago", "%(count)d minutes ago", count) % {"count": count}
    if timezone.localdate(moment) == timezone.localdate(now):
        count = seconds // HOUR
        return ngettext("%(count)d hour ago", "%(count)d hours ago", count) % {"count": count}
    return _describe_date(moment)


def describe_day(moment):
    """Return a moment with its time if its day is near."""
    local = timezone.localtime(moment)
    near = _name_near_day(local.date())
    return f"{near} {date_format(local, 'H:i')}" if near else _describe_date(moment)


def describe_due(day):
    """Say until when something is due."""
    late = day < timezone.localdate()
    sentence = _("late, due %(day)s") if late else _("due %(day)s")
    return sentence % {"day": _describe_day(day)}


def _describe_date(moment):
    return _describe_day(timezone.localdate(moment))


def _describe_day(day):
    near = _name_near_day(day)
    if near:
        return near
    is_near = day.year == timezone.localdate().year
    return date_format(day, _("j M") if is_near else _("Y-m-d"))


def _name_near_day(day):
    today = timezone.localdate()
    names = {0: _("Today"), -1: _("Yesterday"), 1: _("Tomorrow")}
    return names.get((day - today) // timedelta(days=1), "")
