"""What each character becomes when a text is folded for the word rules."""

import unicodedata

from comments.characters import is_visible
from comments.lookalikes import spell_latin
from comments.word_rules.phrases import read_pairs, read_signs

# Besides letters, which become letters:
SKIP = 0  # nothing: invisible, or a mark on the letter before
STRETCH = 1  # makes the letter before longer: ー, and a small vowel
VOWEL = 2  # a kana vowel, which may make the letter before longer
VOICING = 3  # ゛ or ゜ typed as a character of its own
MASK = 4  # may stand for a letter: 死＊, バ○
SIGN = 5  # may part the letters of a word: 死-ね
LIST = 6  # parts the items of a list: 馬、鹿
END = 7  # ends a sentence or a line, opens or closes a quotation

MASK_LETTER = "\ue000"  # readers cannot type it (comments.characters.UNPRINTABLE)

_MASKS = read_signs("letters", "masks")
_LISTS = read_signs("letters", "lists")
_ENDS = read_signs("letters", "ends") | {"\n", '"'}
_STRETCHES = read_signs("letters", "stretches")
_STANDS_FOR = read_pairs("letters", "stands_for")
_SMALL_VOWELS = dict(zip("ァィゥェォ", "アイウエオ", strict=True))
_SMALL = str.maketrans(
    "ャュョヮヵヶッㇰㇱㇲㇳㇴㇵㇶㇷㇸㇹㇺㇻㇼㇽㇾㇿ",
    "ヤユヨワカケツクシストヌハヒフヘホムラリルレロ",
)
_VOICINGS = {"ﾞ": "\u3099", "゛": "\u3099", "\u3099": "\u3099"} | {
    "ﾟ": "\u309a",
    "゜": "\u309a",
    "\u309a": "\u309a",
}
_ROWS = {
    "ア": "アカガサザタダナハバパマヤラワ",
    "イ": "イキギシジチヂニヒビピミリ",
    "ウ": "ウヴクグスズツヅヌフブプムユル",
    "エ": "エケゲセゼテデネヘベペメレ",
    "オ": "オコゴソゾトドノホボポモヨロヲ",
}
VOWEL_OF = {kana: vowel for vowel, row in _ROWS.items() for kana in row}


def classify_character(character):
    """Return a pair: what a character is, and the letters that it becomes, if any.

    The first is None for plain letters.
    """
    if character in _VOICINGS:
        return VOICING, _VOICINGS[character]
    for signs, kind in (
        (_MASKS, MASK),
        (_LISTS, LIST),
        (_ENDS, END),
        (_STRETCHES, STRETCH),
    ):
        if character in signs:
            return kind, character
    if character in _STANDS_FOR:
        return None, _STANDS_FOR[character]
    if character.isspace():
        return SIGN, " "
    if not is_visible(character):
        return SKIP, ""
    return _classify_letter(unicodedata.normalize("NFKC", character).casefold())


def _classify_letter(folded):
    if len(folded) == 1:
        kana = to_katakana(folded)
        if kana in _SMALL_VOWELS:
            return STRETCH, _SMALL_VOWELS[kana]
        if kana in _ROWS:
            return VOWEL, kana
    letters = "".join(
        to_katakana(letter).translate(_SMALL)
        if "\u3000" < letter < "\U0001f000"
        else _spell(letter)
        for letter in folded
        if unicodedata.category(letter)[0] in "LN" or _spell(letter).isalpha()
    )
    return (None, letters) if letters else (SIGN, folded)


def to_katakana(letter):
    return chr(ord(letter) + 0x60) if "ぁ" <= letter <= "ゖ" or letter in "ゝゞ" else letter


def _spell(letter):
    if "\u3000" < letter < "\U0001f000":
        return to_katakana(letter).translate(_SMALL)
    spelled = spell_latin(letter)
    return "l" if spelled == "i" else spelled
