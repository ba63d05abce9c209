"""Checks of the text itself."""

import re
import unicodedata

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comments.checks.verdict import hold, nudge, refuse
from comments.rendering import UNPRINTABLE

# What cannot be shown, and bidirectional embeddings, overrides and isolates (Unicode TR9), which
# make a text read otherwise than it is stored.
BROKEN = re.compile(f"{UNPRINTABLE.pattern}|[\u202a-\u202e\u2066-\u2069]")
LINK = re.compile(r"https?://|(?<![\w.])www\.", re.IGNORECASE)
MOST_MARKS = 4  # combining marks on one character; Vietnamese, Thai and Hebrew need up to three


def empty(draft, facts):
    if not any(unicodedata.category(character)[0] not in "ZC" for character in draft.text):
        return refuse("empty", _("Please write a comment."))
    return None


def too_long(draft, facts):
    most = facts.rules["length"]
    if len(draft.text) > most:
        message = ngettext(
            "The comment is %(over)d character too long. The limit is %(most)d.",
            "The comment is %(over)d characters too long. The limit is %(most)d.",
            len(draft.text) - most,
        )
        sentence = message % {"over": len(draft.text) - most, "most": most}
        return refuse("length", sentence, (most, len(draft.text)))
    return None


def broken_characters(draft, facts):
    found = BROKEN.search(draft.text) or BROKEN.search(draft.name)
    if found:
        span = found.span() if BROKEN.search(draft.text) else None
        message = _("Please remove a character that cannot be displayed (U+%(code)04X).")
        return refuse("characters", message % {"code": ord(found[0])}, span)
    return None


def stacked_marks(draft, facts):
    """Refuse "zalgo": marks heaped on one character until they cover the lines around it."""
    message = _("One character has too many combining marks.")
    span = _find_heap(draft.text)
    if span or _find_heap(draft.name):
        return refuse("marks", message, span)
    return None


def _find_heap(text):
    """Return the span of a character with too many marks, or None."""
    start = marks = 0
    for position, character in enumerate(text):
        if unicodedata.category(character) in {"Mn", "Me"}:
            marks += 1
            if marks > MOST_MARKS:
                return start, position + 1
        else:
            start, marks = position, 0
    return None


def fold_name(name):
    """Return a name without what makes two look alike: width, case, spaces, invisible marks."""
    name = unicodedata.normalize("NFKC", name).casefold()
    return "".join(c for c in name if unicodedata.category(c)[0] not in "ZCM")


def links(draft, facts):
    found = list(LINK.finditer(draft.text))
    most = facts.rules["links"]
    if len(found) > most:
        message = _("Comments with more than %(most)d links are checked before they are published.")
        return hold("links", message % {"most": most}, found[most].span())
    return None


def repetition(draft, facts):
    """Ask back where one character is held down."""
    run = facts.rules["repetition"]
    found = re.search(rf"(\S)\1{{{run - 1},}}", draft.text)
    if found:
        return nudge(
            "repetition", _("One character is repeated many times. Post it anyway?"), found.span()
        )
    return None
