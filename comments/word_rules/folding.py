"""Folding a text for the word rules, with a map back to the original."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

from comments.word_rules.letters import (
    END,
    MASK,
    MASK_LETTER,
    SIGN,
    SKIP,
    STRETCH,
    VOICING,
    VOWEL_OF,
    classify_character,
)
from comments.word_rules.phrases import read_pairs, read_words

KANJI = "\u3005\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_PASSES_FOR = read_pairs("letters", "passes_for")
_PASSING = "".join(_PASSES_FOR)
_LONE_PASSING = re.compile(f"(?<![{KANJI}])[{_PASSING}]+(?![{KANJI}])")
_TO_KANA = str.maketrans(_PASSES_FOR)
_KANA = "ァ-ヺヽヾ"
# 一 between kana is a long vowel: ば一か.
_LONG_ONE = re.compile(f"(?<=[{_KANA}])一(?=[{_KANA}])")
_PIECES = read_pairs("letters", "pieces")
_LEET = read_pairs("letters", "leet")
# A Latin x or o between kana or kanji is a mask: 死xね.
_LONE_CROSS = re.compile(f"(?<=[{_KANA}{KANJI}])[xo](?=[{_KANA}{KANJI}])")
_DIGITS_IN_WORDS = re.compile(r"[a-z][\W_]?[013457@$!|€]|[013457@$!|€][\W_]?[a-z]", re.I)


@dataclass(slots=True)
class Letters:
    """The letters of a text, folded, with what lay between them.

    ``starts`` and ``ends`` are offsets in the original. ``gaps[i]`` is the gravest separator
    before letter i, 0 for none, with one more for the end of the text. ``stretched`` holds the
    letters that a long vowel follows.
    """

    text: str
    starts: list
    ends: list
    gaps: list
    stretched: set

    def span(self, start, end):
        """Return the span in the original of the letters from ``start`` to ``end``."""
        return self.starts[start], self.ends[end - 1]

    def reach(self, start, length):
        """Return the place at most ``length`` letters on, in the same sentence."""
        stop = min(start + length, len(self.text))
        for place in range(start + 1, stop):
            if self.gaps[place] == END:
                return place
        return stop


class _Table(dict):
    """The classes of characters, each computed once."""

    LIMIT = 20_000

    def __missing__(self, character):
        kind, letters = classify_character(character)
        if len(self) < self.LIMIT:
            self[character] = kind, letters
        return kind, letters


_table = _Table()


class Folded:
    """A text in the forms that the rules are looked up in."""

    def __init__(self, text):
        self.original = text
        self.plain, self.has_masks = _fold(text, keep_masks=False)

    @cached_property
    def masked(self):
        """The letters with those that stand for another, or None if there are none."""
        return _fold(self.original, keep_masks=True)[0] if self.has_masks else None

    @cached_property
    def spelled(self):
        """The letters with digits and signs as the Latin letters that they pass for, or None."""
        if not _DIGITS_IN_WORDS.search(unicodedata.normalize("NFKC", self.original)):
            return None
        return _fold(self.original, keep_masks=False, spell=True)[0]

    @property
    def forms(self):
        return [form for form in (self.plain, self.masked, self.spelled) if form]


def fold_word(word):
    """Return the letters of a rule's word; masks in it stay."""
    return _fold(word, keep_masks=True)[0]


def fold_words(words):
    """Return the letters of some words, the longest first."""
    return sorted({fold_word(word).text for word in words}, key=len, reverse=True)


def read_folded(section, name):
    """Return a list of ``phrases.toml``, folded, the longest first."""
    return fold_words(read_words(section, name))


def join_words(words):
    """Return the pattern that matches one of some folded words."""
    return "(?:" + "|".join(map(re.escape, words)) + ")"


def _fold(text, *, keep_masks, spell=False):
    """Return the letters of a text, and whether it has characters that may stand for others."""
    letters, starts, ends, gaps, stretched = [], [], [], [], set()
    table, gap, has_masks, last = _table, 0, False, ""
    for position, character in enumerate(text):
        kind, folded = table[character]
        if spell and (character in _LEET or folded in _LEET) and _is_inside(text, position):
            kind, folded = None, _LEET.get(character) or _LEET[folded]
        if kind == 2:  # VOWEL
            if not gap and VOWEL_OF.get(last) == folded or folded == last:
                stretched.add(len(letters) - 1)
                ends[-1] = position + 1
                continue
        elif kind is not None:
            if kind == SKIP:
                continue
            if kind == VOICING:
                _voice(letters, ends, folded, position, gap)
                last = letters[-1] if letters else ""
                continue
            if kind == STRETCH:
                if folded not in "アイウエオ" or VOWEL_OF.get(last, folded) == folded:
                    if letters and not gap:
                        stretched.add(len(letters) - 1)
                        ends[-1] = position + 1
                    continue
            elif kind == MASK:
                has_masks = True
                if not keep_masks:
                    gap = max(gap, SIGN)
                    continue
                folded = MASK_LETTER
            else:
                gap = max(gap, kind)
                continue
        for letter in folded:
            letters.append(letter)
            starts.append(position)
            ends.append(position + 1)
            gaps.append(gap)
            gap = 0
        last = folded[-1]
    gaps.append(gap)
    return _join(letters, starts, ends, gaps, stretched, keep_masks, has_masks)


def _is_inside(text, position):
    """Whether a character is no sign at the end of a word."""
    return text[position].isalnum() or text[position + 1 : position + 2].isalnum()


def _voice(letters, ends, mark, position, gap):
    """Join a mark of voicing with the letter before, if there is such a letter: ハ゛ is バ."""
    if letters and not gap:
        letter = _PASSES_FOR.get(letters[-1], letters[-1])
        joined = unicodedata.normalize("NFC", letter + mark)
        if len(joined) == 1:
            letters[-1] = joined
        ends[-1] = position + 1


def _join(letters, starts, ends, gaps, stretched, keep_masks, has_masks):
    """Replace what is drawn with several letters or with another script."""
    text = "".join(letters)
    if _LONE_PASSING.search(text):
        text = _LONE_PASSING.sub(lambda found: found[0].translate(_TO_KANA), text)
    folded = Letters(text, starts, ends, gaps, stretched)
    for found in reversed(list(_LONG_ONE.finditer(text))):
        _shrink(folded, found.start() - 1, 2, text[found.start() - 1])
        folded.stretched.add(found.start() - 1)
    for piece, whole in _PIECES.items():
        while (start := folded.text.find(piece)) >= 0:
            _shrink(folded, start, len(piece), whole)
    for found in reversed(list(_LONE_CROSS.finditer(folded.text))):
        has_masks = True
        if keep_masks:
            _shrink(folded, found.start(), 1, MASK_LETTER)
        else:
            _drop(folded, found.start())
    return folded, has_masks


def _shrink(folded, start, length, letter):
    """Replace some letters by one."""
    end = start + length
    folded.text = folded.text[:start] + letter + folded.text[end:]
    folded.ends[start:end] = [folded.ends[end - 1]]
    del folded.starts[start + 1 : end]
    del folded.gaps[start + 1 : end]
    _shift(folded, end, length - 1)


def _drop(folded, place):
    """Take a letter for a separator."""
    folded.text = folded.text[:place] + folded.text[place + 1 :]
    del folded.starts[place], folded.ends[place], folded.gaps[place]
    folded.gaps[place] = max(folded.gaps[place], SIGN)
    _shift(folded, place + 1, 1)


def _shift(folded, place, less):
    folded.stretched = {index - less if index >= place else index for index in folded.stretched}
