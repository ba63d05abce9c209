"""All rules looked up at once in a comment.

The words are found with an Aho–Corasick automaton, whose cost depends on the text and not on the
number of rules. It is that of ``pyahocorasick``: C without dependencies, wheels for Python 3.11 to
3.14 on all platforms, two releases within a year, the last in April 2026. ``ahocorasick-rs``
searches as fast, but takes four times as long to build (each process does so after a change of
the rules) and had no release for a year. ``pyahocorasick`` looks through the children of a state
one by one, and with kanji the root has a thousand; so it is given UTF-8 bytes as characters, of
which there are 256.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import accumulate
from typing import NamedTuple

from ahocorasick import Automaton

from comments.word_rules.folding import Folded, fold_word
from comments.word_rules.letters import MASK_LETTER
from comments.word_rules.pattern_classes import PATTERNS
from comments.word_rules.patterns import Pattern, Trigger, compile_patterns

_LATIN = re.compile("[a-z]")
_NOWHERE = (), [0]
GRAVITY = {"refuse": 0, "hold": 1, "nudge": 2}


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as the matcher sees it. ``kind`` is ``word``, or ``pattern`` if ``text`` names a
    class of patterns; ``action`` is ``hold``, ``refuse`` or ``nudge``."""

    text: str
    kind: str = "word"
    action: str = "hold"
    allowed: tuple[str, ...] = ()
    pk: int | None = field(default=None, compare=False)


class Hit(NamedTuple):
    """A rule found in a text, with the span in the original text."""

    rule: Rule
    start: int
    end: int


class Matcher:
    """Compiled rules."""

    def __init__(self, rules=()):
        self.rules = tuple(rules)
        self._classes = {
            index: PATTERNS[rule.text]
            for index, rule in enumerate(self.rules)
            if rule.kind == "pattern" and rule.text in PATTERNS
        }
        quoted = ((index, _list_quoted(rule)) for index, rule in enumerate(self.rules))
        self._quoted = {index: words for index, words in quoted if words}
        self._automata = self._compile_words()

    def __bool__(self):
        return bool(self.rules)

    def find(self, text):
        """Return the hits in a text in the order of their places; of one rule without overlaps."""
        if not self.rules or not text:
            return []
        folded = Folded(text)
        spans = {}
        for automaton, form in self._automata:
            for letters in getattr(folded, form):
                for rule, span in _find_words(automaton, folded, letters):
                    spans.setdefault(rule, []).append(span)
        for rule, patterns in self._classes.items():
            if patterns.scan:
                spans.setdefault(rule, []).extend(patterns.scan(folded))
        for rule, words in self._quoted.items():
            if spans.get(rule):
                spans[rule] = [span for span in spans[rule] if not _is_allowed(text, span, words)]
        hits = [Hit(self.rules[rule], *span) for rule in spans for span in _unite(spans[rule])]
        return sorted(hits, key=lambda hit: (hit.start, GRAVITY[hit.rule.action], hit.end))

    def find_gravest(self, text):
        """Return the first hit of the gravest action in a text, or None."""
        return min(self.find(text), key=lambda hit: GRAVITY[hit.rule.action], default=None)

    def _compile_words(self):
        patterns = {}
        for index, rule in enumerate(self.rules):
            if index in self._classes:
                compiled = [
                    Trigger(index, word, self._classes[index].find_at)
                    for word in self._classes[index].words
                ]
            else:
                allowed = [word for word in rule.allowed if word not in self._quoted.get(index, ())]
                compiled = compile_patterns(index, rule.text, allowed)
            for pattern in compiled:
                patterns.setdefault(pattern.letters, []).append(pattern)
        forms = {
            "plain": {
                letters: alike for letters, alike in patterns.items() if MASK_LETTER not in letters
            },
            "masked": {
                letters: alike
                for letters, alike in patterns.items()
                if MASK_LETTER in letters or any(map(_is_allowed_word, alike))
            },
            "spelled": {
                letters: alike
                for letters, alike in patterns.items()
                if _LATIN.search(letters) and MASK_LETTER not in letters
            },
        }
        return [(_build(words), form) for form, words in forms.items() if words]


def _list_quoted(rule):
    """Return the allowed words that are looked for as they are written: those of a class of
    patterns, and those that differ from the rule's word in signs only, as 『白痴』 does."""
    if rule.kind == "pattern":
        return rule.allowed
    letters = fold_word(rule.text).text
    return tuple(word for word in rule.allowed if fold_word(word).text == letters)


def _is_allowed_word(pattern):
    return isinstance(pattern, Pattern) and pattern.is_allowed


def _build(patterns):
    automaton = Automaton()
    for letters, alike in patterns.items():
        automaton.add_word(_encode(letters), alike)
    automaton.make_automaton()
    return automaton


def _find_words(automaton, folded, letters):
    """Yield (index of the rule, span) for the words in a form of a text."""
    hits, allowed = [], {}
    encoded = _encode(letters.text)
    done = end = 0
    for last, alike in automaton.iter(encoded):
        end += _count_letters(encoded[done : last + 1])
        done = last + 1
        for pattern in alike:
            start = end - len(pattern.letters)
            if isinstance(pattern, Trigger):
                for span in pattern.find_at(folded, letters, start, end):
                    yield pattern.rule, span
            elif pattern.fits(folded.original, letters, start):
                if pattern.is_allowed:
                    allowed.setdefault(pattern.rule, []).append((start, end))
                else:
                    hits.append((pattern.rule, start, end))
    allowed = {rule: _measure_reach(spans) for rule, spans in allowed.items()}
    for rule, start, end in hits:
        firsts, reach = allowed.get(rule, _NOWHERE)
        if reach[bisect_right(firsts, start)] < end:
            yield rule, letters.span(start, end)


def _measure_reach(spans):
    """Return where spans begin, and how far the first of them reach, from none of them to all."""
    firsts, ends = zip(*sorted(spans), strict=True)
    return firsts, [0, *accumulate(ends, max)]


def _encode(letters):
    """Return the UTF-8 bytes of a text as characters."""
    return letters.encode("utf-8", "surrogatepass").decode("latin-1")


def _count_letters(encoded):
    return len(encoded.encode("latin-1").decode("utf-8", "surrogatepass"))


def _unite(spans):
    """Return spans without overlaps: those that overlap are one."""
    united = []
    for start, end in sorted(spans):
        if united and start < united[-1][1]:
            united[-1] = united[-1][0], max(end, united[-1][1])
        else:
            united.append((start, end))
    return united


def _is_allowed(text, span, words):
    """Whether an allowed word covers a span of the text."""
    start, end = span
    return any(text.find(word, max(0, end - len(word)), start + len(word)) >= 0 for word in words)
