"""What is looked up for a rule: its word in all spellings, masked letters, allowed words."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from comments.word_rules.edges import SHORT, Edges, may_be_word
from comments.word_rules.folding import KANJI, fold_word
from comments.word_rules.letters import MASK_LETTER
from comments.word_rules.spellings import is_homophone, spell_readings, spell_variants

_KANJI = re.compile(f"[{KANJI}]")
_LATIN = re.compile("[a-z0-9]")
# 死ね, also the stem of 死ねる.
_IMPERATIVE = re.compile(f"(?:[{KANJI}]|[ァ-ヺ]{{2}})[エケゲセテネベメレ]$")
LONG_LATIN = 6  # letters; a shorter word in Latin letters must stand alone
LONG = 4  # letters; a longer spelling is no part of another word
SPELLINGS_MASKED = 2  # the word itself and its first other spelling


@dataclass(frozen=True, slots=True)
class PatternClass:
    """A class of patterns. ``find_at(folded, letters, start, end)`` yields the spans around one of
    its ``words``; ``scan(folded)`` those in a whole text, for classes without words."""

    words: tuple | list = ()
    find_at: Callable | None = None
    scan: Callable | None = None


@dataclass(frozen=True, slots=True)
class Trigger:
    """A word of a class of patterns."""

    rule: int
    letters: str
    find_at: Callable


@dataclass(frozen=True, slots=True)
class Pattern:
    """Letters to look up for the rule with an index.

    ``stretched`` are the letters that a long vowel must follow. ``is_allowed``: a hit inside it
    does not count; ``exact`` are places and kanji that must stand there in the original,
    ``widest_gap`` the separator that may stand inside, ``same_script`` the letters written in the
    script of the letter before.
    ``edges`` says how its beginning and end are looked at (``find_edges``).
    ``is_imperative``: it is also the stem of another form of a verb; ``is_reading``: it is an
    imperative in kana.
    """

    rule: int
    letters: str
    stretched: frozenset = frozenset()
    is_allowed: bool = False
    exact: tuple = ()
    widest_gap: int = 0
    same_script: tuple = ()
    edges: str | tuple = (False, False)
    is_imperative: bool = False
    is_reading: bool = False

    @property
    def is_short(self):
        return self.edges == (True, True)

    def fits(self, original, letters, start):
        """Whether the pattern, found in a folded text, is a word there."""
        end = start + len(self.letters)
        if self.stretched and not letters.stretched.issuperset(
            start + place for place in self.stretched
        ):
            return False
        if self.is_short and not may_be_word(original, letters, start, end):
            return False
        edges = Edges(original, letters, start, end)
        if self.is_allowed:
            return letters.widest_gap(start, end) <= self.widest_gap and self._is_spelled(edges)
        return self._has_edges(edges) and self._is_meant(edges)

    def _is_spelled(self, edges):
        """Whether an allowed word is written in its own scripts: かすみ but not カスみたい."""
        scripts = [edges.script(place) for place in range(edges.start, edges.end)]
        return all(
            edges.original[edges.letters.starts[edges.start + place]] == kanji
            for place, kanji in self.exact
        ) and all(scripts[place] == scripts[place - 1] for place in self.same_script)

    def _has_edges(self, edges):
        if self.edges == "masked":
            return _fits_masked(self.letters, edges)
        if self.edges == "homophone":
            is_long = len(self.letters) > LONG
            ends = is_long or edges.ends_beside_homophone or edges.is_taunt
            return edges.begins_beside_homophone and ends
        begins, ends = self.edges
        return (not begins or edges.begins_word) and (not ends or edges.ends_word)

    def _is_meant(self, edges):
        if self.is_imperative and edges.is_conjugated:
            return False
        if self.is_reading and edges.end - 1 in edges.letters.stretched and not edges.is_open_after:
            return False  # しねえよ is しないよ
        return edges.is_joined and not edges.is_mentioned


def find_edges(word, *, is_homophone=False, is_drawn=False):
    """Return which edges of a word are looked at: those of its beginning and end, or the name of
    a closer look."""
    if MASK_LETTER in word:
        return "masked"
    if is_homophone:
        return "homophone"
    if _KANJI.search(word):
        return bool(_LATIN.match(word[0])), bool(_LATIN.match(word[-1]))
    if _LATIN.search(word):
        is_short = len(word) < LONG_LATIN or not word.isascii()
        return is_short, is_short
    is_short = len(word) <= SHORT
    return is_short, is_short and not is_drawn


def _fits_masked(word, edges):
    if len(word) <= SHORT and edges.has_passing:
        return False  # 八% is no ハゲ
    if word[0] == MASK_LETTER and not edges.begins_masked:
        return (
            len(word) > 2
            and not edges.is_open_before
            and edges.script(edges.start - 1) == ("hiragana")
        )
    if len(word) > SHORT:
        return True
    if _KANJI.search(word):
        return len(word) > 2 or (not edges.begins_after_kanji and edges.ends_masked)
    is_taunt = word[0] == MASK_LETTER and edges.is_taunt
    return edges.begins_word and (edges.ends_masked or is_taunt)


def compile_patterns(index, word, allowed):
    """Return the patterns of a rule."""
    folded = fold_word(word)
    letters, stretched = folded.text, frozenset(folded.stretched)
    if not letters.strip(MASK_LETTER):
        return []
    variants, readings = spell_variants(letters), spell_readings(letters)
    is_imperative = bool(_IMPERATIVE.search(letters))
    patterns = [
        Pattern(index, letters, stretched, edges=find_edges(letters), is_imperative=is_imperative)
    ]
    patterns += [
        Pattern(
            index,
            variant,
            edges=find_edges(
                variant,
                is_homophone=is_homophone(letters, variant),
                is_drawn=variant not in readings,
            ),
            is_reading=is_imperative and variant in readings,
        )
        for variant in variants[1:]
    ]
    for variant in variants[:SPELLINGS_MASKED]:
        patterns += [Pattern(index, masked, edges="masked") for masked in mask_letters(variant)]
    for allowed_word in allowed:
        folded = fold_word(allowed_word)
        patterns += [
            Pattern(
                index,
                variant,
                frozenset(folded.stretched),
                is_allowed=True,
                widest_gap=folded.widest_gap(0, len(folded.text)),
                same_script=_find_same_script(allowed_word, folded, variant),
                exact=_find_passing(allowed_word, folded) if variant == folded.text else (),
            )
            for variant in spell_readings(folded.text)
            if variant
        ]
    return patterns


def _find_passing(word, folded):
    """Return the kanji of an allowed word that became kana: ばか力 does not allow ばカか."""
    originals = [word[start] for start in folded.starts]
    return tuple(
        (place, original)
        for place, (original, letter) in enumerate(zip(originals, folded.text, strict=True))
        if _KANJI.match(original) and not _KANJI.match(letter)
    )


def _find_same_script(word, folded, variant):
    """Return the letters of an allowed word that have the script of the letter before."""
    if variant != folded.text:
        return ()
    edges = Edges(word, folded, 0, len(variant))
    return tuple(
        place
        for place in range(1, len(variant))
        if edges.script(place) == edges.script(place - 1) != "kanji"
    )


def mask_letters(letters):
    """Yield a word with one letter masked, from four letters also two in a row."""
    size = len(letters)
    if MASK_LETTER in letters or size < 2 or letters.isdigit():
        return
    has_kanji = bool(_KANJI.search(letters))
    for place in range(size):
        if size == 2 and not has_kanji and place == 0:
            continue  # ○カ is also ○カ月
        if size == 3 and has_kanji and place == 2 and not _KANJI.match(letters[place]):
            continue
        yield letters[:place] + MASK_LETTER + letters[place + 1 :]
        if size > SHORT and place + 1 < size:
            yield letters[:place] + MASK_LETTER * 2 + letters[place + 2 :]


def mask_words(words):
    """Return some folded words, and each with masked letters."""
    return [*words, *(masked for word in words if len(word) > 2 for masked in mask_letters(word))]
