"""Reading the forms of decisions: what a press means, its reason and its note, what was seen."""

from comments.forms import DecisionForm
from comments.models.states import NEEDING_REASON, Reason, Verb
from comments.refusals import NoDecision, NoReason, UnfitNote

SPAM = "spam"  # the press that removes as advertising
PRESSES = {verb.value: verb for verb in (Verb.APPROVE, Verb.HOLD, Verb.REMOVE)} | {
    SPAM: Verb.REMOVE
}
WITH_REASON = NEEDING_REASON | {Verb.HOLD}


def read_press(press):
    """Return the verb of a press for several comments; raises ``NoDecision``."""
    if press not in PRESSES:
        raise NoDecision
    return PRESSES[press]


def read_decision(posted, verb):
    """Return the fields of a decision that are filled in: the note, the stamp, and the reason where
    the decision has one. Raises ``NoReason`` and ``UnfitNote``."""
    form = DecisionForm(posted, verb=verb)
    if not form.is_valid():
        raise NoReason if "reason" in form.errors else UnfitNote
    fields = {name: value for name, value in form.cleaned_data.items() if value}
    if verb not in WITH_REASON:
        fields.pop("reason", None)
    return {"reason": Reason.CHECK.value} | fields if verb == Verb.HOLD else fields


def read_press_fields(posted, press, verb):
    """Return the fields of a press; that of spam is its own reason."""
    if press == SPAM:
        posted = posted.copy()
        posted["reason"] = Reason.SPAM.value
    fields = read_decision(posted, verb)
    fields.pop("seen", None)
    return fields
