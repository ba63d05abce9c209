"""Characters that look alike, folded for the comparison of names.

The table holds the characters of the basic plane that imitate Latin letters, from Unicode's
confusables.txt (UTS 39). Kanji that pass for kana or for other kanji are missing there and were
added by hand. A package with the whole list costs a megabyte and lacks 入 for 人 and 埋 for 理.
"""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

_LATIN = {
    "a": "ɑα∂аᎪᗅ⍺ꓮ",
    "b": "ƅβвьᏏᏴᑲᖯᗷꓐꞵ",
    "c": "σсᏟⲥꓚ",
    "d": "ԁᎠᏧᑯᗞᗪꓒꓓ",
    "e": "εеҽᎬ℮⋿ⴹꓰ",
    "f": "ϝքᖴẝꓝꬵ",
    "g": "ƍԍցᏀᏳꓖ",
    "h": "ηнһհᎻᏂᕼⲏꓧ",
    "i": "ɩιіӏᎥ⍳ꙇ",
    "j": "ϳјᎫᒍꓙ",
    "k": "κкᏦᛕⲕꓗ",
    "l": "ǀɩιіӏ۱Ꮮᒪᛁ∣⏽│ⲓⳑⵏꓡꓲ",
    "m": "μϻмᎷᗰᛖⲙꓟ",
    "n": "νոռⲛꓠ",
    "o": "οσоօ۵०০੦૦ଠ୦௦౦೦ഠ൦๐໐ဝ၀ჿዐᴑⲟⵔ〇ꓳ",
    "p": "ρрᏢᑭ⍴ⲣꓑ",
    "q": "ԛգզⵕ",
    "r": "гᎡᎱᏒᖇᴦⲅꓣꭇꭈ",
    "s": "ƽѕտᏕᏚꓢ",
    "t": "τтᎢ⊤⟙ⲧꓔ",
    "u": "υսሀᑌ∪⋃ꓴꞟ",
    "v": "νѵ۷Ꮩᐯ∨⋁ⴸꓦꛟ",
    "w": "ɯѡԝաᎳᏔꓪ",
    "x": "×χхᕁᕽ᙭᙮ᚷ╳⤫⤬⨯ⲭⵝꓫꭓ",
    "y": "ɣγυуүყᎩᎽⲩꓬ",
    "z": "ζᏃꓜ",
}
# A digit or sign, and the letter that it stands for in "adm1n" and "st@ff".
_STANDS_FOR = "0o 1l 3e 4a 5s 7t @a $s !l |l ¡l €e £l"
_SIGNS = dict(_STANDS_FOR.split())  # each pair is a key and a value
# A kanji, and the kana or kanji that it passes for.
_PASSES_FOR = """
力カ 口ロ 二ニ 工エ 八ハ 卜ト 夕タ 千チ 三ミ 入人 亻人 夲本 菅管 埋理 營営 营営 宮営 偏編 编編 遍編
隼集 輯集 辑集 郡部 連運 运運 弍式 员員 曰日 营營
"""
_KANJI = dict(_PASSES_FOR.split())
_SMALL = str.maketrans("ぁぃぅぇぉっゃゅょゎゕゖ", "あいうえおつやゆよわかけ")
_TO_LATIN = {sign: letter for letter, signs in _LATIN.items() for sign in signs}
_LETTER = re.compile(
    r".*(?:LATIN|REGIONAL INDICATOR).* LETTER (?:SMALL CAPITAL |DOTLESS |SCRIPT )?"
    r"([A-Z])(?: WITH .*)?"
)
_PAIRS = {"rn": "m", "vv": "w", "cl": "d"}
_VOICING = str.maketrans("゛゜", "\u3099\u309a")


class Letter(NamedTuple):
    """A folded character. ``kind`` is its script. ``begins`` is True at the start of a word: at
    the start of the text, after a sign or space, and for a capital after a small letter."""

    character: str
    kind: str
    begins: bool


def fold_letters(text, *, with_signs=True):
    """Return the letters of a text without what makes two names look alike.

    Width, case, accents, fillers and separators go, katakana and small kana become hiragana, long
    vowels are short, and a lookalike becomes what it imitates. ``with_signs``: digits and signs
    that stand for letters too (``adm1n``).
    """
    text = unicodedata.normalize("NFKC", text.translate(_VOICING))
    letters, parted, previous = [], True, ""
    for original in text:
        folded, kind = _fold(original, with_signs)
        if kind == "kana" and letters and folded in {"ー", "一"}:
            continue
        if folded == "一" and letters and letters[-1].kind in {"hiragana", "katakana"}:
            continue
        if not folded:
            parted = parted or unicodedata.category(original)[0] not in "MC"
            continue
        humped = previous.islower() and original.isupper()
        letters.append(Letter(folded, kind, parted or humped))
        parted, previous = False, original
    return _join_pairs(letters)


@lru_cache(maxsize=4_096)
def _fold(original, with_signs):
    """Return a folded character and its script, both empty if it stands for no letter or digit."""
    name = unicodedata.name(original, "")
    if original == "ー":
        return original, "kana"
    if with_signs and original in _SIGNS:
        return _fold_latin(_SIGNS[original]), "sign"
    if original in _KANJI:
        return _fold(_KANJI[original], with_signs)[0], "cjk"
    if "HANGUL" in name and "FILLER" in name:
        return "", ""
    if match := _LETTER.fullmatch(name):
        return _fold_latin(match[1].lower()), "latin"
    folded = original.casefold()
    if folded in _TO_LATIN or original in _TO_LATIN:
        return _fold_latin(_TO_LATIN.get(folded) or _TO_LATIN[original]), "latin"
    if unicodedata.category(original)[0] not in "LN":
        return "", ""
    if "ァ" <= original <= "ヶ":
        return chr(ord(original) - 0x60).translate(_SMALL), "katakana"
    if name.startswith("HIRAGANA"):
        return original.translate(_SMALL), "hiragana"
    base = unicodedata.normalize("NFKD", folded)[0]
    kind = "digit" if base.isdigit() else name.partition(" ")[0].lower()
    return (_fold_latin(base), "latin") if base.isascii() and base.isalpha() else (base, kind)


def spell_latin(character):
    """Return the small Latin letter that a character passes for, else the character."""
    folded, kind = _fold(character, False)
    return folded if kind == "latin" else character


def _fold_latin(letter):
    return "l" if letter == "i" else letter


def _join_pairs(letters):
    """Join the letters that together look like one: ``rn`` like ``m``."""
    joined = []
    for letter in letters:
        pair = (joined[-1].character if joined else "") + letter.character
        if pair in _PAIRS and not letter.begins:
            joined[-1] = joined[-1]._replace(character=_PAIRS[pair])
        else:
            joined.append(letter)
    return joined
