"""The verdict of a check."""

from dataclasses import dataclass
from enum import IntEnum


class Outcome(IntEnum):
    """Outcomes, from the mildest to the gravest."""

    PUBLISH = 0
    NUDGE = 1
    HOLD = 2
    REFUSE = 3


@dataclass(frozen=True, slots=True)
class Verdict:
    """An outcome with the check's name as its reason, a sentence for the writer, and the matched
    span: (start, end) in the text, or None. ``status`` is the HTTP status of a refusal,
    ``rule`` the primary key of the word rule that was found."""

    outcome: Outcome
    reason: str = ""
    message: str = ""
    span: tuple[int, int] | None = None
    status: int = 422
    rule: int | None = None

    @property
    def match(self):
        """What was found, as fields of a comment."""
        start, end = self.span or (None, None)
        return {"matched_rule_id": self.rule, "matched_start": start, "matched_end": end}


def nudge(reason, message, span=None):
    return Verdict(Outcome.NUDGE, reason, message, span)


def hold(reason, message, span=None):
    return Verdict(Outcome.HOLD, reason, message, span)


def refuse(reason, message, span=None, status=422):
    return Verdict(Outcome.REFUSE, reason, message, span, status)
