"""Checks of pace: rate limits, repeated texts."""

from datetime import timedelta
from math import ceil

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comments.checks.verdict import hold, nudge, refuse


def rate(draft, facts):
    """Refuse a post above the reader's rate limits. Many readers may share a network, so its posts
    need a confirmation at first, then are held, and only then are refused."""
    if not facts.limited:
        return None
    for seconds, most in facts.rules["reader_rate"].items():
        if refusal := _refuse_beyond(facts, facts.reader_posts, seconds, most):
            return refusal
    verdicts = [
        verdict
        for seconds, steps in facts.rules["network_rate"].items()
        if (verdict := _judge_network(facts, seconds, *steps))
    ]
    return max(verdicts, key=lambda verdict: verdict.outcome, default=None)


def _judge_network(facts, seconds, asked, held, refused):
    count = len(facts.posts_within(facts.network_posts, seconds=seconds))
    if count >= refused:
        return _refuse_beyond(facts, facts.network_posts, seconds, refused)
    if count >= held:
        return hold(
            "check", _("Many comments come from your network. Yours will be checked first.")
        )
    if count >= asked:
        return nudge("rate", _("Many comments come from your network right now. Post yours?"))
    return None


def _refuse_beyond(facts, posts, seconds, most):
    recent = facts.posts_within(posts, seconds=seconds)
    if len(recent) < most:
        return None
    free = sorted(recent)[-most] + timedelta(seconds=seconds)
    return refuse("rate", ask_to_wait(free - facts.now), status=429)


def speed_in_branch(draft, facts):
    """Refuse a quick second answer to the same person in the same branch."""
    if not facts.limited or facts.last_in_branch is None:
        return None
    left = facts.last_in_branch + timedelta(seconds=facts.rules["branch_pause"]) - facts.now
    if left > timedelta(0):
        return refuse("branch", ask_to_wait(left), status=429)
    return None


def repeated_text(draft, facts):
    """Ask for a confirmation if the network has just sent the same text, and no cookie or token
    shows whether it was the same reader."""
    if facts.is_repeated:
        message = _(
            "The same text was posted from your network a moment ago. If that was you, it has "
            "arrived. Post it again?"
        )
        return nudge("repeated", message)
    return None


def ask_to_wait(left):
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
