"""Spellings of one word: what writers put in place of its letters to get past a rule."""

import re
from itertools import islice, product

from comments.word_rules.folding import fold_word
from comments.word_rules.phrases import read_section


def _read_spellings(section):
    return {
        fold_word(piece).text: [fold_word(spelled).text for spelled in spellings]
        for piece, spellings in read_section(section).items()
    }


_READINGS = _read_spellings("readings")
_SPELLINGS = {
    piece: _READINGS.get(piece, []) + spellings
    for piece, spellings in (_READINGS | _read_spellings("spellings")).items()
}
# Kanji that stand for another by their sound alone. They have a meaning of their own, so the
# edges of such a match are looked at more closely.
_HOMOPHONES = frozenset("氏市四4五5基保師頃児")
_ROMAJI = {"ネ": "ne", "ス": "su", "ゾ": "zo", "エ": "e", "ロ": "ro", "セ": "se", "ヨ": "yo"}
_TAIL = re.compile(f"(.*[\u4e00-\u9fffタヒ])([{''.join(_ROMAJI)}])")
MOST = 24  # spellings of one word


def spell_variants(letters):
    """Return the spellings of folded letters, themselves first, at most ``MOST``."""
    choices = product(*_split(letters, _SPELLINGS))
    spelled = ["".join(choice) for choice in islice(choices, MOST)]
    for word in spelled[:3]:
        if tail := _TAIL.fullmatch(word):
            spelled.append(tail[1] + _ROMAJI[tail[2]])
    return list(dict.fromkeys(spelled))[:MOST]


def spell_readings(letters):
    """Return folded letters, and how they are read."""
    choices = product(*_split(letters, _READINGS))
    return ["".join(choice) for choice in islice(choices, MOST)]


def is_homophone(letters, spelled):
    """Whether a spelling has a kanji or digit of another meaning than the rule's word."""
    return bool(_HOMOPHONES.intersection(spelled) - set(letters))


def _split(letters, spellings):
    """Return for each piece of a word itself and what may stand for it."""
    pieces, place = [], 0
    while place < len(letters):
        for length in (4, 3, 2, 1):
            piece = letters[place : place + length]
            if len(piece) == length and piece in spellings:
                break
        else:
            piece = letters[place]
        pieces.append([piece, *spellings.get(piece, ())])
        place += len(piece)
    return pieces
