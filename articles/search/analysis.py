"""Analysis: texts and queries are split into tokens by the same rules.

Han characters, kana and hangul are written without spaces, so a run of them becomes overlapping
pairs, as in Lucene's CJKAnalyzer, and its last character becomes a token of its own. Other words
and numbers are tokens. Each token has the position after that of the token before it:

>>> tokenize("NATO事務総長")
['nato', '事務', '務総', '総長', '長']

A phrase of a query leaves out the last single character of its last run, because the run may
continue in the text. A run of one character is searched as the beginning of a token.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

LONGEST_WORD = 64  # characters; longer words are cut
LONGEST_QUERY = 200  # characters; the rest is ignored
MOST_PHRASES = 10  # in one query

# Scripts written without spaces: kana, bopomofo, hangul and Han with their marks.
UNSPACED = (
    "\u1100-\u11ff\u3005-\u3007\u3021-\u3029\u3031-\u3035\u3038-\u303b\u3041-\u309f\u30a1-\u30fa"
    "\u30fc-\u30ff\u3105-\u318f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f"
    "\uac00-\ud7ff\uf900-\ufaff\U0001aff0-\U0001b16f\U00020000-\U0003fffd"
)
PIECE = re.compile(f"(?P<run>[{UNSPACED}]+)|(?:[^\\W_{UNSPACED}]|[\u0300-\u036f])+")
HIRAGANA = re.compile("[\u3041-\u309f]+")
# Characters that readers do not see: joiners, direction marks, variation selectors.
INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0100-\U000e01ef]"
)


def fold_text(text):
    """Return a text without differences of width, case and composition."""
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKC", INVISIBLE.sub("", text)).casefold()
    return unicodedata.normalize("NFKC", text)


def tokenize(text):
    """Return the tokens of a text in their order."""
    tokens = []
    for piece in PIECE.finditer(fold_text(text)):
        if piece["run"]:
            tokens += [*_split_pairs(piece[0]), piece[0][-1]]
        else:
            tokens.append(piece[0][:LONGEST_WORD])
    return tokens


def _split_pairs(run):
    return [run[index : index + 2] for index in range(len(run) - 1)]


@dataclass(frozen=True, slots=True)
class Phrase:
    """Tokens in a row. If ``is_open``, the last one is the beginning of a token.

    ``pieces`` are its words and runs, for marking it in a text.
    """

    tokens: tuple[str, ...]
    is_open: bool
    pieces: tuple[str, ...]


def _build_phrase(pieces, *, is_open):
    """Return the phrase of some matches of ``PIECE``.

    ``is_open`` says that the last piece may be an unfinished word.
    """
    tokens = []
    *others, last = pieces
    for piece in others:
        tokens += tokenize(piece[0])
    if last["run"]:
        tokens += _split_pairs(last[0]) or [last[0]]
        is_open = len(last[0]) == 1
    else:
        tokens.append(last[0][:LONGEST_WORD])
    return Phrase(tuple(tokens), is_open, tuple(piece[0] for piece in pieces))


class Query:
    """A search query. It has no operators: every text is a list of phrases, maybe an empty one.

    The phrases are separated by spaces and may occur anywhere in a text. ``typing`` says that the
    last word may be unfinished.
    """

    def __init__(self, text, *, typing=False):
        self.text = text[:LONGEST_QUERY]
        self._typing = typing

    def __bool__(self):
        return bool(self.phrases)

    @cached_property
    def phrases(self):
        """The phrases that a matching text contains, all of them."""
        parts = [list(PIECE.finditer(part)) for part in fold_text(self.text).split()]
        parts = [part for part in parts if part][:MOST_PHRASES]
        last = len(parts) - 1
        phrases = [
            _build_phrase(part, is_open=self._typing and index == last)
            for index, part in enumerate(parts)
        ]
        return list(dict.fromkeys(phrases))

    @cached_property
    def loose_phrases(self):
        """The words of the query without the hiragana between them; a text should contain many.

        Empty if that would be no looser than ``phrases``.
        """
        words = [
            word
            for piece in PIECE.finditer(fold_text(self.text))
            for word in (HIRAGANA.split(piece[0]) if piece["run"] else [piece[0]])
            if len(word) > 1
        ]
        phrases = [_build_phrase([PIECE.match(word)], is_open=False) for word in words]
        phrases = list(dict.fromkeys(phrases[:MOST_PHRASES]))
        return [] if phrases == self.phrases and len(phrases) < 2 else phrases
