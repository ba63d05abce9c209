"""What readers are told about the measures in force, as sentences."""

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
    sentence = ngettext(
        "In this branch, everybody can reply once in %(count)d minute.",
        "In this branch, everybody can reply once in %(count)d minutes.",
        minutes,
    ) % {"count": minutes}
    return f"{sentence} {say_until(until)}" if until else sentence


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


def say_raid(raid, pause):
    """Say what raid protection does; ``pause`` is in minutes."""
    if raid.value == "held":
        return _(
            "Protection against a raid: until %(until)s, comments appear after a moderator's check."
        ) % _name(raid.until)
    return ngettext(
        "Protection against a raid: until %(until)s, everybody can write once in %(count)d minute.",
        "Protection against a raid: until %(until)s, everybody can write once in %(count)d"
        " minutes.",
        pause,
    ) % {"until": format_until(raid.until), "count": pause}


def say_until(until):
    return _("Until %(until)s.") % _name(until)


def list_notices(regime, pause):
    """Return what a writer should know before writing; ``pause`` is that of raid protection, in
    minutes."""
    notices = [say_raid(regime.raid, pause)] if regime.raid else []
    if regime.mode == "held":
        notices.append(say_held(regime.find_end(lambda later: later.mode == "held")))
    elif regime.holds_first:
        notices.append(say_first_held(regime.find_end(lambda later: later.holds_first)))
    return notices


def _name(until):
    return {"until": format_until(until)}
