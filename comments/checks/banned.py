"""Bans: a banned reader is refused, a comment from a banned network is held."""

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from comments.checks.verdict import hold, refuse
from comments.models.states import Reason


def banned(draft, facts):
    """Refuse a banned reader, and hold what a banned network sends: many may share it."""
    verdicts = [_judge_ban(ban) for ban in facts.bans]
    return max(verdicts, key=lambda verdict: verdict.outcome, default=None)


def describe_ban(ban):
    """Say to the banned reader until when, and why."""
    return _("You cannot comment, vote or report until %(until)s. Reason: %(reason)s") % {
        "until": date_format(localtime(ban.until), _("j F Y, H:i")),
        "reason": Reason(ban.reason).label,
    }


def _judge_ban(ban):
    if ban.is_of_reader:
        return refuse("banned", describe_ban(ban), status=403)
    return hold(Reason.NETWORK.value, _("A moderator will check your comment first."))
