"""Stamps: what a moderator saw of a comment, sent back with the decision.

A stamp names the text, the version of text and state, for a branch also its size and the sum of
its versions, and the moment. A decision about something that has changed since is refused, with
what happened.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import F, Q, Sum
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.web.paging import read_integer

MOST_CHANGES = 3  # that a refusal names


@dataclass(frozen=True, slots=True)
class Stamp:
    """``digest`` is that of the text; the numbers are None where the stamp does not say them.
    ``size`` and ``total`` are the number of comments in the branch, and the sum of their
    versions. ``at`` is in milliseconds since 1970."""

    digest: str
    version: int | None = None
    at: int | None = None
    size: int | None = None
    total: int | None = None

    def __str__(self):
        numbers = (self.version, self.at, self.size, self.total)
        return ".".join([self.digest, *(str(number) for number in numbers if number is not None)])

    @classmethod
    def read(cls, text):
        """Read a stamp that a form sent back. A forged one names another text."""
        digest, *numbers = text.split(".")[:5]
        return cls(digest, *(read_integer(number, digits=15) for number in numbers))

    @property
    def moment(self):
        return datetime.fromtimestamp((self.at or 0) / 1000, tz=UTC)


def stamp_comment(comment):
    """Return the stamp of a comment alone."""
    now = int(timezone.now().timestamp() * 1000)
    return Stamp(comment.digest, comment.version, now)


def stamp_branch(comment):
    """Return the stamp of a comment with all below it. One query."""
    own = stamp_comment(comment)
    size, total = _measure_branch(comment)
    return Stamp(own.digest, own.version, own.at, size, total)


def find_changes(comment, seen, *, with_branch):
    """Return what happened to a comment since a stamp, as sentences; none if it is unchanged.

    The comment was read again under the lock.
    """
    changes = []
    is_edited = comment.digest != seen.digest
    is_decided = seen.version is not None and comment.version != seen.version
    if is_edited:
        at = comment.edited_at or timezone.now()
        changes.append(_("%(when)s edited by the commenter") % {"when": format_moment(at)})
    if is_decided:
        changes += _describe_events(comment.moderation_items.all(), seen)
        changes = changes or [_("Another decision was made.")]
    if with_branch and seen.size is not None and not changes:
        changes = _find_branch_changes(comment, seen)
    return changes


def _find_branch_changes(comment, seen):
    size, total = _measure_branch(comment)
    more = size - seen.size
    if more > 0:
        return [
            ngettext(
                "%(count)d new reply in this branch", "%(count)d new replies in this branch", more
            )
            % {"count": more}
        ]
    if total == seen.total:
        return []
    items = comment.moderation_items.model.objects.filter(
        comment__in=type(comment).objects.branch_of(comment)
    )
    return _describe_events(items, seen) or [_("A comment in this branch was edited.")]


def _measure_branch(comment):
    size = (comment.rght - comment.lft + 1) // 2
    branch = type(comment).objects.branch_of(comment)
    return size, branch.aggregate(total=Sum("version"))["total"]


def _describe_events(items, seen):
    """Describe the acts since a stamp, newest first, else the last one."""
    items = items.select_related("action__moderator", "action__undone_by")
    since = Q(action__created_at__gte=seen.moment) | Q(action__undone_at__gte=seen.moment)
    newest = F("action__undone_at").desc(nulls_last=True), "-action_id"
    recent = items.filter(since).order_by(*newest)[:MOST_CHANGES]
    return list(
        dict.fromkeys(item.action.describe() for item in recent or items.order_by(*newest)[:1])
    )


def format_moment(at):
    """Format a moment: the time, of another day the date too."""
    at = localtime(at)
    time = date_format(at, "H:i")
    return (
        time
        if at.date() == timezone.localdate()
        else f"{date_format(at, 'MONTH_DAY_FORMAT')} {time}"
    )
