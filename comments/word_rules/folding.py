"""Folding a text for the word rules, with a map back to the original."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

from comments.word_rules.letters import (
    END,
    FOLDS,
    MASK_LETTER,
    ROWS,
    SEPARATORS,
    SEVERAL,
    SIGN,
    SKIP,
    SMALL_VOWELS,
    VOICINGS,
    VOWEL_OF,
    fold_character,
)
from comments.word_rules.phrases import read_pairs, read_signs, read_words

KANJI = "\u3005\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_PASSES_FOR = read_pairs("letters", "passes_for")
_PASSING = "".join(_PASSES_FOR)
_LONE_PASSING = re.compile(f"(?<![{KANJI}])[{_PASSING}]+(?![{KANJI}])")
_TO_KANA = str.maketrans(_PASSES_FOR)
_KANA = "ァ-ヺヽヾ"
# 一 between kana is a long vowel: ば一か.
_LONG_ONE = re.compile(f"(?<=[{_KANA}])一(?=[{_KANA}])")
# The marks, and vowels that may make the letter before longer.
_LONGER = "|".join(f"[{row}\ue000-\uf8ff]{vowel}" for vowel, row in ROWS.items())
_SPECIAL = re.compile(f"[\ue000-\uf8ff]|[アイウエオ](?<={_LONGER})")
_PIECES = read_pairs("letters", "pieces")
_PIECE = re.compile("|".join(_PIECES))
_LEET = read_pairs("letters", "leet")
_LEET_SIGN = re.compile(r"[\d①-⑨@$!|€＠＄！｜]")
# A Latin x or o between kana or kanji is a mask: 死xね.
_LONE_CROSS = re.compile(f"(?<=[{_KANA}{KANJI}])[xo](?=[{_KANA}{KANJI}])")
_DIGITS_IN_WORDS = re.compile(
    r"[a-zａ-ｚⓐ-ⓩ][\W_]?[013457@$!|€０-９＠＄！①-⑨]"
    r"|[013457@$!|€０-９＠＄！①-⑨][\W_]?[a-zａ-ｚⓐ-ⓩ]",
    re.I,
)
_MASK_SIGN = re.compile(
    f"[{re.escape(''.join(read_signs('letters', 'masks')))}]"
    "|(?<=[^\\x00-\\x7f])[xoXOｘｏＸＯ](?=[^\\x00-\\x7f])"
)
WINDOW = 30  # characters on both sides of a sign that stands for a letter


@dataclass(slots=True)
class Letters:
    """The letters of a text, folded, with what lay between them.

    ``starts`` are offsets in the original; ``ends`` those of letters that take up more than one
    character. ``gaps`` are the separators before a letter, or behind the last. ``stretched`` holds
    the letters that a long vowel follows.
    """

    text: str
    starts: list
    ends: dict
    gaps: dict
    stretched: set

    def start_of(self, place):
        return self.starts[place]

    def end_of(self, place):
        return self.ends.get(place) or self.starts[place] + 1

    def gap(self, place):
        """Return the gravest separator before a letter, 0 for none."""
        return self.gaps.get(place, 0)

    def widest_gap(self, start, end):
        """Return the gravest separator between the letters from ``start`` to ``end``."""
        gaps = self.gaps
        return max([gaps[place] for place in range(start + 1, end) if place in gaps], default=0)

    def span(self, start, end):
        """Return the span in the original of the letters from ``start`` to ``end``."""
        return self.starts[start], self.end_of(end - 1)

    def reach(self, start, length):
        """Return the place at most ``length`` letters on, in the same sentence."""
        stop = min(start + length, len(self.text))
        for place in range(start + 1, stop):
            if self.gap(place) == END:
                return place
        return stop


class Folded:
    """A text in the forms that the rules are looked up in."""

    def __init__(self, text):
        self.original = text
        plain, self.has_masks = _fold(text, keep_masks=False)
        self.plain = [plain]

    @cached_property
    def masked(self):
        """The letters around those that stand for another, with them."""
        if not self.has_masks:
            return []
        return [self._fold_window(*window, keep_masks=True) for window in self._find(_MASK_SIGN)]

    @cached_property
    def spelled(self):
        """The letters around digits and signs that pass for Latin letters, with these."""
        windows = self._find(_DIGITS_IN_WORDS)
        return [self._fold_window(*window, keep_masks=False, spell=True) for window in windows]

    def _find(self, signs):
        """Return the windows of the original around some signs, which do not begin in a word."""
        windows = []
        for found in signs.finditer(self.original):
            start, end = max(0, found.start() - WINDOW), found.end() + WINDOW
            if windows and start <= windows[-1][1]:
                windows[-1][1] = end
            else:
                while start and self.original[start - 1].isascii():
                    start -= 1
                windows.append([start, end])
        return windows

    def _fold_window(self, start, end, **options):
        letters = _fold(self.original[start:end], **options)[0]
        letters.starts = [place + start for place in letters.starts]
        letters.ends = {place: last + start for place, last in letters.ends.items()}
        return letters


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
    folded = text.translate(FOLDS)
    if spell:
        folded = _spell_digits(text, folded)
    pieces, starts, ends, gaps, stretched = [], [], {}, {}, set()
    done = gap = 0
    has_masks = False
    for found in _SPECIAL.finditer(folded):
        place, mark = found.start(), found[0]
        if mark in "アイウエオ":
            before = folded[place - 1] if place > done else pieces and not gap and pieces[-1][-1]
            if not before or VOWEL_OF.get(before) != mark:
                continue
        if place > done:  # the letters up to here
            if gap:
                gaps[len(starts)], gap = gap, 0
            pieces.append(folded[done:place])
            starts.extend(range(done, place))
        done = place + 1
        last = len(starts) - 1
        letters = ""
        if mark in SEPARATORS:
            gap = max(gap, SEPARATORS[mark])
        elif mark == MASK_LETTER:
            has_masks = True
            letters = mark if keep_masks else ""
            gap = gap if keep_masks else max(gap, SIGN)
        elif mark == SEVERAL:
            letters = fold_character(text[place])
        elif mark in VOICINGS and pieces and not gap:
            pieces[-1] = pieces[-1][:-1] + _voice(pieces[-1][-1], VOICINGS[mark])
            ends[last] = done
        elif mark not in (SKIP, *VOICINGS):
            vowel = SMALL_VOWELS.get(mark)
            if vowel and pieces and VOWEL_OF.get(pieces[-1][-1], vowel) != vowel:
                letters = vowel
            elif pieces and not gap:
                stretched.add(last)
                ends[last] = done
        if letters:
            if gap:
                gaps[len(starts)], gap = gap, 0
            pieces.append(letters)
            starts.extend([place] * len(letters))
    if done < len(folded):
        if gap:
            gaps[len(starts)], gap = gap, 0
        pieces.append(folded[done:])
        starts.extend(range(done, len(folded)))
    if gap:
        gaps[len(starts)] = gap
    return _join(Letters("".join(pieces), starts, ends, gaps, stretched), keep_masks, has_masks)


def _spell_digits(text, folded):
    """Return a folded text with digits and signs as the letters that they pass for."""
    spelled = list(folded)
    for found in _LEET_SIGN.finditer(text):
        place, character = found.start(), found[0]
        letter = _LEET.get(character) or _LEET.get(folded[place])
        # At the end of a word a sign is one.
        if letter and (character.isalnum() or text[place + 1 : place + 2].isalnum()):
            spelled[place] = letter
    return "".join(spelled)


def _voice(letter, mark):
    """Return a letter with a mark of voicing: ハ゛ is バ."""
    letter = _PASSES_FOR.get(letter, letter)
    joined = unicodedata.normalize("NFC", letter + mark)
    return joined if len(joined) == 1 else letter


def _join(folded, keep_masks, has_masks):
    """Replace what is drawn with several letters or with another script."""
    if _LONE_PASSING.search(folded.text):
        folded.text = _LONE_PASSING.sub(lambda found: found[0].translate(_TO_KANA), folded.text)
    if long := [found.start() - 1 for found in _LONG_ONE.finditer(folded.text)]:
        moved = _replace(folded, [(place, place + 2, folded.text[place]) for place in long])
        folded.stretched |= {moved[place] for place in long}
    if pieces := list(_PIECE.finditer(folded.text)):
        _replace(folded, [(*found.span(), _PIECES[found[0]]) for found in pieces])
    if crosses := list(_LONE_CROSS.finditer(folded.text)):
        has_masks = True
        _replace(folded, [(*found.span(), MASK_LETTER * keep_masks) for found in crosses])
    return folded, has_masks


def _replace(folded, spans):
    """Replace the letters of each span (start, end, letter) by one; without a letter they become a
    separator. Return the new place of each old letter, None if it is gone."""
    pieces, starts, moved, done = [], [], [], 0
    for start, end, letter in [*spans, (len(folded.text), len(folded.text), "")]:
        pieces += folded.text[done:start], letter
        moved += range(len(starts), len(starts) + start - done)
        starts += folded.starts[done:start]
        moved += [len(starts) if place == start and letter else None for place in range(start, end)]
        starts += folded.starts[start : start + len(letter)]
        done = end
    moved.append(len(starts))  # behind the last letter
    ends, gaps = (
        {moved[place]: value for place, value in known.items() if moved[place] is not None}
        for known in (folded.ends, folded.gaps)
    )
    for start, end, letter in spans:
        if letter:
            ends[moved[start]] = folded.end_of(end - 1)
        else:
            gaps[moved[end]] = max(folded.gap(start), folded.gap(end), SIGN)
    folded.text, folded.starts, folded.ends, folded.gaps = "".join(pieces), starts, ends, gaps
    folded.stretched = {moved[place] for place in folded.stretched} - {None}
    return moved
