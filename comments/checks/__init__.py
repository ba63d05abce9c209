"""The checks of a new comment: small, ordered, each a pure function.

A check takes the draft and the facts that were gathered about it and returns a ``Verdict`` or
None. The first refusal ends the run. Otherwise the gravest verdict counts: to hold a comment is
graver than to ask its writer "sure?". ``Facts`` lists all that a check may know, the setting
``COMMENT_RULES`` the limits.
"""

from types import MappingProxyType

from comments.checks.banned import banned
from comments.checks.facts import Draft, Facts
from comments.checks.measures import (
    closed_thread,
    first_comment,
    locked_branch,
    mode,
    raid,
    slow_branch,
)
from comments.checks.names import imitated_sign, reserved_name
from comments.checks.pace import rate, repeated_text, speed_in_branch
from comments.checks.robots import form_token, honeypot
from comments.checks.text import (
    broken_characters,
    empty,
    links,
    repetition,
    stacked_marks,
    too_long,
)
from comments.checks.verdict import Outcome, Verdict
from comments.checks.words import words

CHECKS = (
    closed_thread,
    banned,
    locked_branch,
    empty,
    too_long,
    broken_characters,
    stacked_marks,
    reserved_name,
    imitated_sign,
    form_token,
    rate,
    speed_in_branch,
    repeated_text,
    words,
    slow_branch,
    raid,
    mode,
    first_comment,
    honeypot,
    links,
    repetition,
)

# What the draft itself and its writer say, wherever it is posted.
DRAFT_CHECKS = (
    *(banned, empty, too_long, broken_characters, stacked_marks, reserved_name, imitated_sign),
    *(form_token, words, honeypot, links, repetition),
)
TEXT_CHECKS = (banned, empty, too_long, broken_characters, stacked_marks, words, links)
NAME_CHECKS = (reserved_name, imitated_sign)


def judge_text(text, *, rules, word_rules, bans=()):
    """Return the verdict on the text alone, for a comment that its writer changes."""
    facts = Facts(now=None, rules=rules, word_rules=word_rules, bans=bans)
    return judge_draft(Draft(text=text, confirmed=True), facts, checks=TEXT_CHECKS)


def judge_draft(draft, facts, *, checks=CHECKS, known=MappingProxyType({})):
    """Return the verdict on a draft: refused, held, to be asked again, or published. ``known``
    are the answers of checks that were asked before, by check."""
    gravest = Verdict(Outcome.PUBLISH)
    for check in checks:
        verdict = known[check] if check in known else check(draft, facts)
        if verdict is None or (verdict.outcome is Outcome.NUDGE and draft.confirmed):
            continue
        if verdict.outcome is Outcome.REFUSE:
            return verdict
        gravest = max(gravest, verdict, key=lambda verdict: verdict.outcome)
    return gravest


__all__ = [
    "CHECKS",
    "DRAFT_CHECKS",
    "Draft",
    "Facts",
    "NAME_CHECKS",
    "Outcome",
    "TEXT_CHECKS",
    "Verdict",
    "judge_draft",
    "judge_text",
]
