"""What readers are told about the measures in force, as sentences."""

from math import ceil

from django.conf import settings
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def format_until(at):
    """Format the end of a measure with its date: the text may be cached over midnight."""
    at = localtime(at)
    return f"{date_format(at, 'MONTH_DAY_FORMAT')} {date_format(at, 'H:i')}"


def say_closed(until=None):
    if until:
        return _("This thread is closed to new comments until %(until)s.") % _name(until)
    return _("This thread is closed to new comments.")


def say_locked(until=None):
    if until:
        return _("This branch is locked until %(until)s.") % _name(until)
    return _("This branch is locked.")


def say_slow(minutes, until=None):
    if until:
        return ngettext(
            "Until %(until)s, everybody can reply once in %(count)d minute in this branch.",
            "Until %(until)s, everybody can reply once in %(count)d minutes in this branch.",
            minutes,
        ) % {"count": minutes, **_name(until)}
    return ngettext(
        "In this branch, everybody can reply once in %(count)d minute.",
        "In this branch, everybody can reply once in %(count)d minutes.",
        minutes,
    ) % {"count": minutes}


def say_held(until=None):
    if until:
        return _("Until %(until)s, comments appear after a moderator's check.") % _name(until)
    return _("Comments on this article appear after a moderator's check.")


def say_first_held(until=None):
    if until:
        return _("Until %(until)s, your first comment appears after a moderator's check.") % _name(
            until
        )
    return _("Your first comment appears after a moderator's check.")


def say_raid(raid):
    if raid.value == "held":
        return _(
            "Protection against a raid: until %(until)s, comments appear after a moderator's check."
        ) % _name(raid.until)
    pause = ceil(settings.COMMENT_RULES["raid_pause"] / 60)
    return ngettext(
        "Protection against a raid: until %(until)s, everybody can write once in %(count)d minute.",
        "Protection against a raid: until %(until)s, everybody can write once in %(count)d"
        " minutes.",
        pause,
    ) % {"until": format_until(raid.until), "count": pause}


def list_notices(regime):
    """Return what a writer should know before writing."""
    notices = [say_raid(regime.raid)] if regime.raid else []
    if regime.mode == "held":
        notices.append(say_held(regime.find_end(lambda later: later.mode == "held")))
    elif regime.holds_first:
        notices.append(say_first_held(regime.find_end(lambda later: later.holds_first)))
    return notices


def list_branch_notices(regime, comment):
    """Return what readers should know of the branch that begins at a comment."""
    lock = regime.find_own("lock", comment)
    if lock:
        return [say_locked(regime.find_end(lambda later: later.find_own("lock", comment) is None))]
    slow = regime.find_own("slow", comment)
    return [say_slow(int(slow.value), slow.until)] if slow else []


def list_place_notices(comment):
    """Return why nobody, or only slowly, can reply to a comment on its own page."""
    regime = comment.thread.regime
    if not regime.is_open:
        return [say_closed(regime.opens_at)]
    if comment.lock:
        return [say_locked(regime.find_end(lambda later: later.find_lock(comment) is None))]
    slow = regime.find_slow(comment)
    return [say_slow(int(slow.value), slow.until)] if slow else []


def _name(until):
    return {"until": format_until(until)}
