"""Checks of the text itself."""

import re
import unicodedata
from itertools import islice

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comments.characters import OVERRIDES, UNPRINTABLE, is_blank
from comments.checks.verdict import hold, nudge, refuse
from comments.hyperlinks import find_links

MOST_MARKS = 4  # combining marks on one character; Vietnamese, Thai and Hebrew need up to three
BROKEN = re.compile(f"{UNPRINTABLE.pattern}|{OVERRIDES.pattern}")
RUN = re.compile(r"(\S)\1{4,}")
# So many in a row are meant: shouts, cheers, and other marks, which draw a rule or a picture.
MOST_SHOUTS, MOST_CHEERS, MOST_OTHER_MARKS = 15, 30, 100
SHOUTS = frozenset("!！?？")
CHEERS = re.compile(r"[wWｗＷㅋㅎㅠㅜ\d\u4e00-\u9fff]")  # laughs, digits; no key repeats kanji


def empty(draft, facts):
    if is_blank(draft.text):
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
    """Refuse what cannot be shown, and overrides, which show another text than the stored one."""
    broken = BROKEN.search(draft.text) or BROKEN.search(draft.name)
    if not broken:
        return None
    span = broken.span() if broken.string is draft.text else None
    return refuse("characters", describe_broken(broken[0]), span)


def describe_broken(character):
    """Return the sentence that asks to remove a character."""
    if OVERRIDES.match(character):
        message = _("Please remove a character that reorders the text (U+%(code)04X %(name)s).")
        return message % {"code": ord(character), "name": unicodedata.name(character)}
    message = _("Please remove a character that cannot be displayed (U+%(code)04X).")
    return message % {"code": ord(character)}


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


def links(draft, facts):
    most = facts.rules["links"]
    surplus = next(islice(find_links(draft.text), most, None), None)
    if surplus:
        message = _("Comments with more than %(most)d links are checked before they are published.")
        return hold("links", message % {"most": most}, (surplus.start, surplus.end))
    return None


def repetition(draft, facts):
    """Ask for a confirmation if one character is repeated too often."""
    for run in RUN.finditer(draft.text):
        if len(run[0]) > _limit_run(run[1], facts.rules):
            message = _("One character is repeated many times. Post it anyway?")
            return nudge("repetition", message, run.span())
    return None


def _limit_run(character, rules):
    """Return how often a character may follow itself; numbers, rules and cheers may be long."""
    if character in SHOUTS:
        return MOST_SHOUTS
    if CHEERS.match(character):
        return MOST_CHEERS
    if unicodedata.category(character)[0] in "PS" or character in "ーｰ":
        return MOST_OTHER_MARKS
    return rules["repetition"] - 1
