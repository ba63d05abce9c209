"""Excerpts of texts with the words of a query marked."""

import re
from dataclasses import dataclass

from articles.search.analysis import UNSPACED, fold_text
from articles.web.languages import keep_language

LENGTH = 100  # characters of an excerpt
BEFORE = 30  # characters of them before the first mark
# Combining marks and voicing marks of half-width kana belong to the character before them.
_MARKS = "\u0300-\u036f\u3099\u309a\uff9e\uff9f\ufe00-\ufe0f\U000e0100-\U000e01ef"
# Characters that fold to one character: ASCII, kana, Han, their punctuation, full-width ASCII.
_EVEN = "\0-\x7f\u3000-\u3035\u3041-\u3096\u30a1-\u30fe\u3400-\u4dbf\u4e00-\u9fff\uff01-\uff5e"
_STRETCH = re.compile(f"(?s)(?P<even>(?:[{_EVEN}](?![{_MARKS}]))+)|.[{_MARKS}]*")
_WORD = f"[^\\W_{UNSPACED}]"
_LONGEST_WORD = 24  # characters; an excerpt begins or ends inside a longer one
_REST_OF_WORD = re.compile(f"(?<={_WORD}){_WORD}{{1,{_LONGEST_WORD}}}(?!{_WORD})[^\\w\\s]*\\s*")
_START_OF_WORD = re.compile(f"(?<!{_WORD}){_WORD}{{1,{_LONGEST_WORD}}}$")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of an excerpt, marked or not."""

    text: str
    is_marked: bool = False


def build_pattern(phrases):
    """Return a pattern that matches the phrases in a folded text."""
    patterns = sorted({_build_phrase_pattern(phrase) for phrase in phrases}, key=len, reverse=True)
    return re.compile("|".join(patterns) or "(?!)")


def _build_phrase_pattern(phrase):
    pieces = [re.escape(piece) for piece in phrase.pieces]
    pattern = r"[\W_]*".join(pieces)
    if re.match(_WORD, phrase.pieces[0]):
        pattern = f"(?<!{_WORD}){pattern}"
    if re.match(_WORD, phrase.pieces[-1]) and not phrase.is_open:
        pattern = f"{pattern}(?!{_WORD})"
    return pattern


def mark_text(text, pattern):
    """Return a text as parts, in which the matches of a pattern are marked."""
    return _split_parts(text, _find_spans(text, pattern))


def build_excerpt(text, pattern, *, length=LENGTH):
    """Return the parts of a text around the first match of a pattern, or of its beginning."""
    text = keep_language(text, " ".join(text.split()))
    spans = _find_spans(text, pattern)
    start = max(0, spans[0][0] - BEFORE) if spans else 0
    start = 0 if start < BEFORE // 2 else _skip_cut_word(text, start)
    end = _leave_out_cut_word(text, start, start + length)
    inside = [(max(first, start) - start, min(last, end) - start) for first, last in spans]
    inside = [(first, last) for first, last in inside if 0 <= first < last]
    parts = _split_parts(keep_language(text, text[start:end]), inside)
    return [
        *([Part("…")] if start else []),
        *parts,
        *([Part("…")] if end < len(text) else []),
    ]


def _skip_cut_word(text, start):
    """Return where an excerpt that begins inside a word begins instead: at the next word."""
    rest = _REST_OF_WORD.match(text, start)
    return rest.end() if rest else start


def _leave_out_cut_word(text, start, end):
    """Return where an excerpt that ends inside a word ends instead: after the last whole word."""
    if not re.match(_WORD, text[end : end + 1]):
        return end
    whole = _START_OF_WORD.sub("", text[start:end]).rstrip()
    return start + len(whole) if whole else end


def _split_parts(text, spans):
    parts, position = [], 0
    for first, last in spans:
        if first < position:
            continue
        parts += [(position, first, False), (first, last, True)]
        position = last
    parts.append((position, len(text), False))
    cut = getattr(text, "cut", lambda start, end: text[start:end])
    return [Part(cut(start, end), marked) for start, end, marked in parts if start < end]


def _find_spans(text, pattern):
    """Return the spans (start, end) of a text whose folded form matches a pattern."""
    folded, origin = _fold_with_origin(text)
    return [
        (origin[match.start()], origin[match.end()])
        for match in pattern.finditer(folded)
        if match.end() > match.start()
    ]


def _fold_with_origin(text):
    """Return the folded text, and the index in the text of each of its characters and its end."""
    folded, origin = [], []
    for stretch in _STRETCH.finditer(text):
        form = fold_text(stretch[0])
        folded.append(form)
        if stretch["even"]:
            origin += range(stretch.start(), stretch.end())
        else:
            origin += [stretch.start()] * len(form)
    return "".join(folded), [*origin, len(text)]
