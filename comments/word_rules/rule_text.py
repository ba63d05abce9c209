"""Rules as text, for import and export: one rule a line. ::

    # A line like this is a comment.
    hold 馬鹿 (馬鹿力, 馬鹿正直,
      馬鹿騒ぎ) # a note
    refuse /line/
    - nudge うざい

A line that begins with a space continues the one before.
First what happens (hold, refuse or nudge), then the word, or the name of a class of patterns
between slashes. The words in brackets are allowed: inside them the word is no hit. A minus at the
beginning switches the rule off. A backslash before ``#``, ``(``, ``,``, ``)`` or ``\\`` takes the
sign as it is.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from comments.word_rules.folding import fold_word
from comments.word_rules.letters import MASK_LETTER
from comments.word_rules.pattern_classes import PATTERNS

STARTER = Path(__file__).with_name("starter.txt")  # rules that a new site may import
LONGEST_WORD, LONGEST_NOTE = 100, 200  # characters, as the database has them
_ACTION = re.compile(r"(?P<off>-\s*)?(?P<action>\S+)(?:\s+(?P<rest>.*))?")
_SIGNS = "#(,)\\"
_ESCAPED = re.compile(r"\\(.)")
_PLAIN = re.compile(r"(?:[^\\#()]|\\.)+")
_NOTE = re.compile(r"(?:(?<=\s)|^)#(?P<note>.*)$")


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule as one line says it. ``line`` is its number."""

    text: str
    kind: str = "word"
    action: str = "hold"
    allowed: tuple[str, ...] = ()
    is_on: bool = True
    note: str = ""
    line: int = 0


class RuleTextError(ValueError):
    """A text of rules with faults: ``faults`` are (line number, sentence)."""

    def __init__(self, faults):
        super().__init__("\n".join(f"{number}: {sentence}" for number, sentence in faults))
        self.faults = faults


def parse_rules(text):
    """Return the rules of a text; raises ``RuleTextError`` with all its faults."""
    rules, faults, seen = [], [], {}
    for number, line in _join_lines(text):
        try:
            rule = _parse_line(line, number)
        except ValueError as fault:
            faults.append((number, str(fault)))
            continue
        first = seen.setdefault((rule.kind, rule.text), number)
        if first != number:
            message = _("“%(word)s” already has a rule in line %(line)d.")
            faults.append((number, message % {"word": rule.text, "line": first}))
        rules.append(rule)
    if faults:
        raise RuleTextError(faults)
    return rules


def _join_lines(text):
    """Return the lines with a rule, each with its number and with those that continue it."""
    joined = []
    for number, line in enumerate(text.lstrip("\ufeff").splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if line[0].isspace() and joined:
            joined[-1] = joined[-1][0], f"{joined[-1][1]} {line.strip()}"
        else:
            joined.append((number, line.strip()))
    return joined


def write_rules(rules):
    """Return rules (``RuleLine``, or whatever has their fields) as text."""
    return "".join(f"{_write_line(rule)}\n" for rule in rules)


def check_word(kind, text):
    """Return a sentence that says why a rule cannot have this text, or None."""
    if not text:
        return _("The word is missing.")
    if len(text) > LONGEST_WORD:
        return _("The word has more than %(most)d characters.") % {"most": LONGEST_WORD}
    if kind == "pattern":
        if text not in PATTERNS:
            message = _("There is no class of patterns “%(name)s”. There are: %(names)s.")
            return message % {"name": text, "names": ", ".join(PATTERNS)}
        return None
    letters = fold_word(text).text.strip(MASK_LETTER)
    if not letters:
        return _("“%(word)s” has no letter that could be found.") % {"word": text}
    if len(letters) == 1 and ("ァ" <= letters <= "ヺ" or letters.isascii()):
        return _("“%(word)s” is one letter, which nearly every comment has.") % {"word": text}
    return None


def _parse_line(line, number):
    """Return the rule of a line; raises ``ValueError`` with a sentence."""
    head = _ACTION.fullmatch(line)
    action = head["action"].lower() if head else ""
    if action not in {"hold", "refuse", "nudge"}:
        message = _("The line begins with “%(begin)s” instead of hold, refuse or nudge.")
        raise ValueError(message % {"begin": (head and head["action"]) or line})
    rest, note = head["rest"] or "", ""
    if found := _NOTE.search(rest):
        rest, note = rest[: found.start()].rstrip(), found["note"].strip()
    if len(note) > LONGEST_NOTE:
        raise ValueError(_("The note has more than %(most)d characters.") % {"most": LONGEST_NOTE})
    written = _PLAIN.match(rest)
    word = _unescape(written[0]) if written else ""
    allowed = _parse_allowed(rest[written.end() :] if written else rest)
    kind = "word"
    if len(word) > 2 and word.startswith("/") and word.endswith("/"):
        kind, word = "pattern", word[1:-1]
    if fault := check_word(kind, word):
        raise ValueError(fault)
    return RuleLine(word, kind, action, allowed, not head["off"], note, number)


def _parse_allowed(written):
    """Return the allowed words of ``(one, two)``."""
    if not written.strip():
        return ()
    if not re.fullmatch(r"\((?:[^\\()]|\\.)*\)", written.strip()):
        raise ValueError(
            _("The allowed words must stand in brackets behind the word: hold word (one, two).")
        )
    words = re.findall(r"(?:[^\\,]|\\.)+", written.strip()[1:-1])
    return tuple(filter(None, map(_unescape, words)))


def _unescape(written):
    return _ESCAPED.sub(r"\1", written).strip()


def _write_line(rule):
    word = _escape(rule.text)
    parts = [rule.action, f"/{word}/" if rule.kind == "pattern" else word]
    if not rule.is_on:
        parts.insert(0, "-")
    if rule.allowed:
        parts.append(f"({', '.join(map(_escape, rule.allowed))})")
    if rule.note:
        parts.append(f"# {rule.note}")
    return " ".join(parts)


def _escape(word):
    return "".join(f"\\{sign}" if sign in _SIGNS else sign for sign in word)
