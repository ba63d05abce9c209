"""Excerpts of texts in which the words of a query are marked."""

import re
from dataclasses import dataclass

from articles.search.analysis import UNSPACED, folded

LENGTH = 100  # characters of an excerpt
BEFORE = 30  # of them before the first place that is marked
# Marks over a character, and voicing marks of half-width kana, belong to the one before.
_MARKS = "\u0300-\u036f\u3099\u309a\uff9e\uff9f\ufe00-\ufe0f\U000e0100-\U000e01ef"
# Characters each of which folds to one: ASCII, kana, Han, their punctuation and full-width ASCII.
_EVEN = "\0-\x7f\u3000-\u3035\u3041-\u3096\u30a1-\u30fe\u3400-\u4dbf\u4e00-\u9fff\uff01-\uff5e"
_STRETCH = re.compile(f"(?s)(?P<even>(?:[{_EVEN}](?![{_MARKS}]))+)|.[{_MARKS}]*")
_WORD = f"[^\\W_{UNSPACED}]"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of an excerpt, marked or not."""

    text: str
    is_marked: bool = False


def pattern(phrases):
    """Return the pattern that finds some phrases in a folded text."""
    made = sorted({_of_phrase(phrase) for phrase in phrases}, key=len, reverse=True)
    return re.compile("|".join(made) or "(?!)")


def _of_phrase(phrase):
    pieces = [re.escape(piece) for piece in phrase.pieces]
    found = r"[\W_]*".join(pieces)
    if re.match(_WORD, phrase.pieces[0]):
        found = f"(?<!{_WORD}){found}"
    if re.match(_WORD, phrase.pieces[-1]) and not phrase.is_open:
        found = f"{found}(?!{_WORD})"
    return found


def marked(text, found):
    """Return the whole text in parts; ``found`` is a pattern."""
    return _parts(text, _places(text, found))


def excerpt(text, found, *, length=LENGTH):
    """Return the part of a text around what a pattern finds first, or its beginning."""
    text = " ".join(text.split())
    places = _places(text, found)
    start = max(0, places[0][0] - BEFORE) if places else 0
    start = 0 if start < BEFORE // 2 else start
    end = start + length
    inside = [(max(first, start) - start, min(last, end) - start) for first, last in places]
    inside = [(first, last) for first, last in inside if 0 <= first < last]
    parts = _parts(text[start:end], inside)
    return [
        *([Part("…")] if start else []),
        *parts,
        *([Part("…")] if end < len(text) else []),
    ]


def _parts(text, places):
    parts, position = [], 0
    for first, last in places:
        if first < position:
            continue
        parts += [Part(text[position:first]), Part(text[first:last], is_marked=True)]
        position = last
    parts.append(Part(text[position:]))
    return [part for part in parts if part.text]


def _places(text, found):
    """Return the places (first, after the last) in a text at which a pattern finds its folded
    form."""
    plain, origin = _traced(text)
    return [
        (origin[match.start()], origin[match.end()])
        for match in found.finditer(plain)
        if match.end() > match.start()
    ]


def _traced(text):
    """Return the folded text, and for each of its characters, and its end, the place in the text
    that it comes from."""
    plain, origin = [], []
    for stretch in _STRETCH.finditer(text):
        form = folded(stretch[0])
        plain.append(form)
        if stretch["even"]:
            origin += range(stretch.start(), stretch.end())
        else:
            origin += [stretch.start()] * len(form)
    return "".join(plain), [*origin, len(text)]
