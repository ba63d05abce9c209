"""Where a word begins and ends in a language that sets no spaces.

A short word in kana is often a part of another: カス in カスタム, クズ in クズネッツ, ばか in
ばかり, しね in 楽しいしね. So such a match counts only if its edges are those of a word: katakana
must begin and end a run of katakana, or stand beside a word that is set before or after abuse;
hiragana must stand between particles. A word with a kanji counts anywhere.
"""

import re
from bisect import bisect_left
from functools import lru_cache

from comments.word_rules.folding import KANJI, join_words, read_folded
from comments.word_rules.letters import END, LIST, MASK_LETTER
from comments.word_rules.phrases import read_signs

SHORT = 3  # letters; a longer word in kana is no part of another
_HIRAGANA, _LATIN = re.compile("[ぁ-ゖゝゞ]"), re.compile("[a-z]")
_KATAKANA = re.compile("[ァ-ヺｦ-ﾟ㋐-㋾ヽヾ]")
_HAS_KANJI = re.compile(f"[{KANJI}]")
_PERSONS = read_signs("edges", "persons")


def _fold_list(*names):
    return [word for name in names for word in read_folded("edges", name)]


def _read(name, *, repeats=""):
    return re.compile(join_words(read_folded("edges", name)) + repeats)


_KATAKANA_BEFORE = re.compile(
    f"(?:{join_words(read_folded('edges', 'before_katakana'))}[ハガモヲニトノ]?)+"
)
_HOMOPHONE_AFTER = _read("after_homophone")
_MENTION = _read("mentions")
QUOTED = 20  # characters of a quotation beside the word
_QUOTATIONS = re.compile(
    f"([^「」『』\\n]{{0,{QUOTED}}})[」』](?:[、や]?[「『][^「」『』]{{0,40}}[」』])*"
)
_NAMED = re.compile(f"トイウ(?![感思気奴])[{KANJI}]")
_KATAKANA_AFTER = _read("after_katakana", repeats="+")
_HIRAGANA_BEFORE = _read("before_hiragana", repeats="$")
_HIRAGANA_AFTER = _read("after_hiragana")
_HIRAGANA_LAST = _read("last_hiragana")
_CONJUGATION = re.compile("(?:ル|ナイ|ナカ|ナク|ナキ|バ|ズ|タ|テ|マス|マセ|マシ|ソウ|ヨウ)")
_HOMOPHONE_BEFORE = _read("before_homophone", repeats="$")


# The last letters of what stands before a word in kana, and the first of what stands behind it.
_LAST_BEFORE = frozenset(
    word[-1] for word in _fold_list("before_hiragana", "before_katakana") + list("ハガモヲニトノ")
)
_FIRST_AFTER = frozenset(
    word[0] for word in _fold_list("after_hiragana", "after_katakana", "last_hiragana")
)


def may_be_word(original, letters, start, end):
    """Whether a word in kana may stand here, by a look at the letters beside it: a quick way to
    part most chance hits from words."""
    text, gaps, starts = letters.text, letters.gaps, letters.starts
    if start and start not in gaps and text[start - 1] not in _LAST_BEFORE:
        before, first = original[starts[start - 1]], original[starts[start]]
        if "ぁ" <= before <= "ゖ" and "ぁ" <= first <= "ゖ":
            return False
        if "ァ" <= before <= "ヺ" and "ァ" <= first <= "ヺ":
            return False
    if end < len(text) and end not in gaps and text[end] not in _FIRST_AFTER:
        last, after = original[starts[end - 1]], original[starts[end]]
        if "ぁ" <= last <= "ゖ" and "ぁ" <= after <= "ゖ":
            return False
        if "ァ" <= last <= "ヺ" and "ァ" <= after <= "ヺ":
            return False
    return True


@lru_cache(maxsize=8_192)
def _find_script(character, letter):
    if letter == MASK_LETTER:
        return "mask"
    if _HAS_KANJI.match(letter):
        return "kanji"
    if _HIRAGANA.match(character):
        return "hiragana"
    if _KATAKANA.match(character) or "ァ" <= letter <= "ヾ":
        return "katakana"
    return "latin" if _LATIN.match(letter) else ""


class Edges:
    """The edges of a match: the letters from ``start`` to ``end`` of a folded text."""

    __slots__ = ("original", "letters", "start", "end")

    def __init__(self, original, letters, start, end):
        self.original, self.letters = original, letters
        self.start, self.end = start, end

    @property
    def is_open_before(self):
        return self.start == 0 or self.start in self.letters.gaps

    @property
    def is_open_after(self):
        return self.end == len(self.letters.text) or self.end in self.letters.gaps

    def script(self, place):
        """Return the script in which a letter was written, or an empty string."""
        return _find_script(self.original[self.letters.starts[place]], self.letters.text[place])

    def run_before(self):
        """Return the letters in one script that end right before the match."""
        first = place = self.start - 1
        while place > 0 and not self.letters.gap(place) and self.start - place < 12:
            if self.script(place - 1) != self.script(first):
                break
            place -= 1
        return self.letters.text[place : self.start]

    def text_before(self):
        """Return the letters before the match."""
        return self.letters.text[max(0, self.start - 8) : self.start]

    def run_after(self):
        """Return the letters in one script that begin right after the match."""
        place = self.end
        while place < len(self.letters.text) and place - self.end < 12:
            if place > self.end and self.letters.gap(place):
                break
            if self.script(place) != self.script(self.end):
                break
            place += 1
        return self.letters.text[self.end : place]

    def _has_particle_after(self):
        if _HIRAGANA_AFTER.match(self.letters.text, self.end):
            return True
        last = _HIRAGANA_LAST.match(self.letters.text, self.end)
        return bool(last) and last[0] == self.run_after()

    @property
    def is_conjugated(self):
        """Whether the match is the stem of a longer form: 死ねる, 帰れない."""
        longer = not self.is_open_after and _CONJUGATION.match(self.letters.text, self.end)
        # 死ねば？ is a taunt, 死ねば骨になる is none.
        return bool(longer) and (longer[0] != "バ" or self.letters.gap(longer.end()) != END)

    @property
    def begins_word(self):
        if self.is_open_before:
            return True
        here, before = self.script(self.start), self.script(self.start - 1)
        if here == "latin":
            return before != "latin"
        if before == "kanji":
            person = self.letters.text[self.start - 1] in _PERSONS
            return person or here == "katakana"
        if before == "hiragana":
            return here != "hiragana" or bool(_HIRAGANA_BEFORE.search(self.text_before()))
        if before == "katakana":
            return here != "katakana" or bool(_KATAKANA_BEFORE.fullmatch(self.run_before()))
        return here != before

    @property
    def ends_word(self):
        if self.is_open_after:
            return True
        here, after = self.script(self.end - 1), self.script(self.end)
        if here == "hiragana" and after == "hiragana":
            return self._has_particle_after()
        if here == "katakana" and after == "katakana":
            return bool(_KATAKANA_AFTER.fullmatch(self.run_after()))
        return here != after or here == "kanji"

    @property
    def begins_beside_homophone(self):
        """Whether a word spelled with another kanji may begin: さっさと氏ね but not 田中氏ね."""
        if self.is_open_before:
            return True
        before = self.script(self.start - 1)
        if before == "kanji":
            return self.letters.text[self.start - 1] in _PERSONS
        if before == "hiragana":
            return bool(_HOMOPHONE_BEFORE.search(self.run_before()))
        if before == "katakana":
            return bool(_KATAKANA_BEFORE.fullmatch(self.run_before()))
        return before != ""

    @property
    def ends_beside_homophone(self):
        """Whether a word spelled with another kanji may end: 基地外だ but not 基地外の土地."""
        if self.is_open_after or self.script(self.end - 1) != "kanji":
            return self.ends_word
        return bool(_HOMOPHONE_AFTER.match(self.letters.text, self.end))

    @property
    def has_passing(self):
        """Whether one of its kana is a kanji that passes for it."""
        return any(
            _HAS_KANJI.match(self.original[self.letters.starts[place]])
            and not _HAS_KANJI.match(self.letters.text[place])
            for place in range(self.start, self.end)
        )

    @property
    def is_taunt(self):
        """Whether 〜ねばいい follows."""
        return self.letters.text.startswith("バ", self.end)

    @property
    def is_mentioned(self):
        """Whether somebody speaks about the word: 死ねと言われた, 土人という言葉; also where it is
        the first of several quotations: 「消えろ」「帰れ」と書かれた."""
        if self._is_named_at(self.end):
            return True
        others = _QUOTATIONS.match(self.original, self.letters.end_of(self.end - 1))
        if not others or (others[1] and not self._is_in_quotation):
            return False
        return self._is_named_at(bisect_left(self.letters.starts, others.end()))

    def _is_named_at(self, place):
        text = self.letters.text
        return bool(_MENTION.match(text, place) or _NAMED.match(text, place))

    @property
    def _is_in_quotation(self):
        """Whether a quotation opens shortly before the match and is open there."""
        start = self.letters.starts[self.start]
        before = self.original[max(0, start - QUOTED) : start]
        return max(before.rfind("「"), before.rfind("『")) > max(
            before.rfind("」"), before.rfind("』")
        )

    @property
    def is_joined(self):
        """Whether what stands between the letters leaves them one word."""
        gravest = self.letters.widest_gap(self.start, self.end)
        if not gravest:
            return True
        if gravest == END:
            return self.is_open_before and self.is_open_after
        if gravest == LIST:
            outer = self.letters.gap(self.start), self.letters.gap(self.end)
            return LIST not in outer
        return True

    @property
    def begins_masked(self):
        """Whether a word whose first letter is masked may begin: ○ね, but not これは○ね."""
        if self.is_open_before:
            return True
        before = self.script(self.start - 1)
        if before == "hiragana":
            return self.letters.text[self.start - 1] in "クトラ"
        return before == "kanji" and self.letters.text[self.start - 1] in _PERSONS

    @property
    def ends_masked(self):
        """Whether a word whose last letter is masked may end: 死○よ, but not 死○者."""
        if self.is_open_after:
            return True
        after = self.script(self.end)
        return after == "hiragana" and self._has_particle_after()

    @property
    def begins_after_kanji(self):
        """Whether the letter before may belong to the word's first kanji: 必死○."""
        before = "" if self.is_open_before else self.script(self.start - 1)
        return before == "kanji" and self.letters.text[self.start - 1] not in _PERSONS
