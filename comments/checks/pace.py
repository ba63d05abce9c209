"""Checks of the place and the pace."""

from datetime import timedelta
from math import ceil

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comments.checks.verdict import refuse


def closed_thread(draft, facts):
    if not facts.is_open:
        message = _("This thread is closed to new comments.")
        return refuse("closed", message, status=409)
    return None


def rate(draft, facts):
    """Refuse the post that is one too many of its reader or network in a minute or an hour."""
    if not facts.limited:
        return None
    for posts, limits in (
        (facts.reader_posts, facts.rules["reader_rate"]),
        (facts.network_posts, facts.rules["network_rate"]),
    ):
        for seconds, most in limits.items():
            recent = facts.posts_within(posts, seconds=seconds)
            if len(recent) >= most:
                free = sorted(recent)[-most] + timedelta(seconds=seconds)
                return refuse("rate", _ask_to_wait(free - facts.now), status=429)
    return None


def speed_in_branch(draft, facts):
    """Let a writer breathe before the next answer in the same branch: two minutes, and one more
    for every report on the comments above."""
    if not facts.limited or facts.last_in_branch is None:
        return None
    pause = timedelta(
        seconds=facts.rules["branch_pause"] + facts.rules["report_pause"] * facts.reports_above
    )
    left = facts.last_in_branch + pause - facts.now
    if left > timedelta(0):
        return refuse("branch", _ask_to_wait(left), status=429)
    return None


def _ask_to_wait(left):
    seconds = max(1, ceil(left.total_seconds()))
    if seconds > 90:
        minutes = ceil(seconds / 60)
        message = ngettext(
            "You are posting too fast. Please try again in %(minutes)d minute.",
            "You are posting too fast. Please try again in %(minutes)d minutes.",
            minutes,
        )
        return message % {"minutes": minutes}
    message = ngettext(
        "You are posting too fast. Please try again in %(seconds)d second.",
        "You are posting too fast. Please try again in %(seconds)d seconds.",
        seconds,
    )
    return message % {"seconds": seconds}
