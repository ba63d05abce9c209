"""What each character becomes when a text is folded for the word rules."""

import unicodedata
from functools import lru_cache

from comments.characters import is_visible
from comments.lookalikes import spell_latin
from comments.word_rules.phrases import read_pairs, read_signs

# Besides letters there are separators, from the mildest to the gravest.
SIGN = 1  # may part the letters of a word: 死-ね
LIST = 2  # parts the items of a list: 馬、鹿
END = 3  # ends a sentence or a line, opens or closes a quotation

# What a character becomes if it is no letter. Readers cannot type these characters
# (comments.characters.UNPRINTABLE).
MASK_LETTER = "\ue000"  # may stand for a letter: 死＊, バ○
SKIP = "\ue001"  # nothing: invisible, or a mark on the letter before
STRETCH = "\ue002"  # makes the letter before longer
SEVERAL = "\ue003"  # several letters at once: ㌔
SEPARATORS = {"\ue005": SIGN, "\ue006": LIST, "\ue007": END}
VOICINGS = {"\ue008": "\u3099", "\ue009": "\u309a"}  # ゛ and ゜, typed by themselves
SMALL_VOWELS = dict(zip("\ue010\ue011\ue012\ue013\ue014", "アイウエオ", strict=True))
_SIGN, _LIST, _END = SEPARATORS

_VOICING_SIGNS = {
    **dict.fromkeys("ﾞ゛\u3099", "\ue008"),
    **dict.fromkeys("ﾟ゜\u309a", "\ue009"),
}
_CLASSES = [
    (read_signs("letters", "masks"), MASK_LETTER),
    (read_signs("letters", "lists"), _LIST),
    (read_signs("letters", "ends") | {"\n", '"'}, _END),
    (read_signs("letters", "stretches"), STRETCH),
]
_STANDS_FOR = read_pairs("letters", "stands_for")
_SMALL_TO_MARK = dict(zip("ァィゥェォ", SMALL_VOWELS, strict=True))
_SMALL = str.maketrans(
    "ャュョヮヵヶッㇰㇱㇲㇳㇴㇵㇶㇷㇸㇹㇺㇻㇼㇽㇾㇿ",
    "ヤユヨワカケツクシストヌハヒフヘホムラリルレロ",
)
ROWS = {
    "ア": "アカガサザタダナハバパマヤラワ",
    "イ": "イキギシジチヂニヒビピミリ",
    "ウ": "ウヴクグスズツヅヌフブプムユル",
    "エ": "エケゲセゼテデネヘベペメレ",
    "オ": "オコゴソゾトドノホボポモヨロヲ",
}
VOWEL_OF = {kana: vowel for vowel, row in ROWS.items() for kana in row}


class _Folds(dict):
    """What each character becomes: one character, for ``str.translate``. Each is found once."""

    LIMIT = 20_000

    def __missing__(self, code):
        letters = fold_character(chr(code))
        folded = letters if len(letters) == 1 else SEVERAL
        if len(self) < self.LIMIT:
            self[code] = folded
        return folded


FOLDS = _Folds()


@lru_cache(maxsize=1_000)  # of those that become several letters, FOLDS keeps none
def fold_character(character):
    """Return the letters that a character becomes, or the mark of what it is instead."""
    if character in _VOICING_SIGNS:
        return _VOICING_SIGNS[character]
    for signs, mark in _CLASSES:
        if character in signs:
            return mark
    if character in _STANDS_FOR:
        return _STANDS_FOR[character]
    if character.isspace():
        return _SIGN
    if not is_visible(character):
        return SKIP
    folded = unicodedata.normalize("NFKC", character).casefold()
    if len(folded) == 1 and to_katakana(folded) in _SMALL_TO_MARK:
        return _SMALL_TO_MARK[to_katakana(folded)]
    letters = "".join(map(_fold_letter, folded))
    return letters or _SIGN


def to_katakana(letter):
    return chr(ord(letter) + 0x60) if "ぁ" <= letter <= "ゖ" or letter in "ゝゞ" else letter


def _fold_letter(letter):
    if "\u3000" < letter < "\U0001f000":
        spelled = to_katakana(letter).translate(_SMALL)
    else:
        spelled = spell_latin(letter)
    if unicodedata.category(spelled)[0] not in "LN" or letter == "ー":
        return ""
    return "l" if spelled == "i" else spelled
