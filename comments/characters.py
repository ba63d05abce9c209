"""Characters of readers' texts and names: what cannot be seen, shown or trusted."""

import re
import unicodedata

from articles.web import html

# Besides what XML forbids: other controls, the replacement character that Django puts for broken
# UTF-8, non-characters, and the private area.
UNPRINTABLE = re.compile(
    f"{html.UNPRINTABLE.pattern}|[\r\x7f-\x9f\ue000-\uf8ff\ufdd0-\ufdef\ufffd]"
)
# Overrides (Unicode TR9 §3.3) show a text in another order than it is stored in.
OVERRIDES = re.compile("[\u202d\u202e]")

_LINE_ENDS = re.compile("\r\n?|[\x85\u2028\u2029]")
# Marks, embeddings and isolates (TR9 §2). Calculators, contact lists and messengers paste them.
_DIRECTION_MARKS = re.compile("[\u061c\u200e\u200f\u202a-\u202c\u2066-\u2069]")
# iOS wraps the numbers of its contacts in an override that reorders nothing: no letter is in it.
_HARMLESS_OVERRIDE = re.compile("\u202d((?:(?![\u202d\u202e])[^\\n\\w]|[\\d_])*)\u202c")
_UNTIDY = re.compile(
    "[\r\x85\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)  # any of these
# Default_Ignorable_Code_Point of Unicode 16.0 (DerivedCoreProperties.txt), the blank Braille
# pattern, the null notehead and the placeholder of a missing object. Hangul fillers are ignorable.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff\u2800\U0001d159\ufffc]"
)
_UNSEEN = {"Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co", "Mn", "Mc", "Me"}  # alone


def is_visible(character):
    """Whether a character shows something by itself."""
    return unicodedata.category(character) not in _UNSEEN and not _INVISIBLE.match(character)


def is_blank(text):
    """Whether nothing of a text can be seen."""
    return not any(map(is_visible, text))


def tidy_text(text):
    """Return a text with NFC characters and ``\\n`` line ends, without marks of direction, blanks
    at the ends of lines, and blank lines at both ends. Indents stay."""
    if _UNTIDY.search(text):
        text = drop_direction_marks(_LINE_ENDS.sub("\n", text))
    return _trim_lines(text)


def tidy_name(name):
    """Return a name in NFC and one line, without marks of direction; empty if it is blank."""
    name = " ".join(unicodedata.normalize("NFC", drop_direction_marks(name)).split())
    return "" if is_blank(name) else name


def normalize_text(text):
    """Return a text as the database stores it: tidied, without overrides and characters that no
    page or feed can hold. A check refuses both in readers' texts
    (``checks.text.broken_characters``)."""
    if _UNTIDY.search(text):
        text = OVERRIDES.sub("", drop_direction_marks(_LINE_ENDS.sub("\n", text)))
    return _trim_lines(UNPRINTABLE.sub("", text))


def drop_direction_marks(text):
    return _DIRECTION_MARKS.sub("", _HARMLESS_OVERRIDE.sub(r"\1", text))


def _trim_lines(text):
    lines = [line.rstrip() for line in unicodedata.normalize("NFC", text).split("\n")]
    return "\n".join(lines).strip("\n")
