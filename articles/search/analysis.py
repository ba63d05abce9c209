"""How a text becomes tokens: the same way when it is written and when it is sought.

Chinese characters, kana and hangul come without spaces, so a run of them becomes overlapping pairs
(the way of Lucene's CJKAnalyzer), and its last character stands by itself. Other words and numbers
are tokens as they are. Every token begins one place after the one before it:

>>> tokens("NATO事務総長")
['nato', '事務', '務総', '総長', '長']

A phrase of a query is the same without the last single character of its last run, which may go on
in the text; one lone character is the beginning of a token.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

LONGEST_WORD = 64  # characters; of longer ones the beginning counts
LONGEST_QUERY = 200  # characters; what comes after is not looked at
MOST_PHRASES = 10  # of one query

# Letters that are written without spaces: kana, bopomofo, hangul and Han with what belongs to them.
UNSPACED = (
    "\u1100-\u11ff\u3005-\u3007\u3021-\u3029\u3031-\u3035\u3038-\u303b\u3041-\u309f\u30a1-\u30fa"
    "\u30fc-\u30ff\u3105-\u318f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f"
    "\uac00-\ud7ff\uf900-\ufaff\U0001aff0-\U0001b16f\U00020000-\U0003fffd"
)
PIECE = re.compile(f"(?P<run>[{UNSPACED}]+)|(?:[^\\W_{UNSPACED}]|[\u0300-\u036f])+")
HIRAGANA = re.compile("[\u3041-\u309f]+")
# What changes or parts nothing that a reader sees: joiners, marks of direction, variants of a form.
INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0100-\U000e01ef]"
)


def folded(text):
    """Return a text in which width, case and the way of composing make no difference."""
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKC", INVISIBLE.sub("", text)).casefold()
    return unicodedata.normalize("NFKC", text)


def tokens(text):
    """Return the tokens of a text, in their order, each in the place after the one before."""
    found = []
    for piece in PIECE.finditer(folded(text)):
        found += _pairs(piece[0]) + [piece[0][-1]] if piece["run"] else [piece[0][:LONGEST_WORD]]
    return found


def _pairs(run):
    return [run[place : place + 2] for place in range(len(run) - 1)]


@dataclass(frozen=True, slots=True)
class Phrase:
    """Tokens that must follow each other. The last may be the beginning of one (``is_open``).

    ``pieces`` are the words and runs it was made of, for showing where it stands.
    """

    tokens: tuple[str, ...]
    is_open: bool
    pieces: tuple[str, ...]


def _phrase(pieces, *, is_open):
    """Make a phrase of pieces, each a match of ``PIECE``. ``is_open``: also where the last piece
    is a word that is still being written."""
    found = []
    *others, last = pieces
    for piece in others:
        found += tokens(piece[0])
    if last["run"]:
        found += _pairs(last[0]) or [last[0]]
        is_open = len(last[0]) == 1
    else:
        found.append(last[0][:LONGEST_WORD])
    return Phrase(tuple(found), is_open, tuple(piece[0] for piece in pieces))


class Query:
    """What somebody seeks. Whatever they write is words or nothing.

    Words parted by spaces may stand anywhere in a text; what is written together must stand
    together. ``typing``: the last word may not be complete yet.
    """

    def __init__(self, text, *, typing=False):
        self.text = text[:LONGEST_QUERY]
        self._typing = typing

    def __bool__(self):
        return bool(self.phrases)

    @cached_property
    def phrases(self):
        """The phrases of which a text must hold every one."""
        parts = [list(PIECE.finditer(part)) for part in folded(self.text).split()]
        parts = [part for part in parts if part][:MOST_PHRASES]
        last = len(parts) - 1
        made = [
            _phrase(part, is_open=self._typing and index == last)
            for index, part in enumerate(parts)
        ]
        return list(dict.fromkeys(made))

    @cached_property
    def loose_phrases(self):
        """Phrases of which a text should hold as many as it can: the words of the query without
        what is between them. Empty where that is no less than the query itself says."""
        words = [
            word
            for piece in PIECE.finditer(folded(self.text))
            for word in (HIRAGANA.split(piece[0]) if piece["run"] else [piece[0]])
            if len(word) > 1
        ]
        made = [_phrase([PIECE.match(word)], is_open=False) for word in words[:MOST_PHRASES]]
        made = list(dict.fromkeys(made))
        return [] if made == self.phrases and len(made) < 2 else made
