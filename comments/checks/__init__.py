"""What a new comment must pass: small ordered checks, each a pure function.

A check takes the draft and the facts that were gathered about it and returns a ``Verdict`` or
None. The first that refuses ends the run; otherwise the gravest verdict counts, a held comment
before one that asks its writer "sure?". What a check may know stands in ``Facts``; what it may
not exceed in the setting ``COMMENT_RULES``.
"""

from comments.checks.facts import Draft, Facts
from comments.checks.flow import closed_thread, deep_branch, rate, speed_in_branch
from comments.checks.robots import form_token, honeypot
from comments.checks.text import (
    broken_characters,
    empty,
    links,
    repetition,
    reserved_name,
    stacked_marks,
    too_long,
)
from comments.checks.verdict import Outcome, Verdict

CHECKS = (
    closed_thread,
    deep_branch,
    empty,
    too_long,
    broken_characters,
    stacked_marks,
    reserved_name,
    form_token,
    rate,
    speed_in_branch,
    honeypot,
    links,
    repetition,
)


def judged(draft, facts):
    """Return the verdict on a draft: refused, held, to be asked again, or published."""
    gravest = Verdict(Outcome.PUBLISH)
    for check in CHECKS:
        verdict = check(draft, facts)
        if verdict is None or (verdict.outcome is Outcome.NUDGE and draft.confirmed):
            continue
        if verdict.outcome is Outcome.REFUSE:
            return verdict
        gravest = max(gravest, verdict, key=lambda verdict: verdict.outcome)
    return gravest


__all__ = ["CHECKS", "Draft", "Facts", "Outcome", "Verdict", "judged"]
