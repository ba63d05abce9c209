"""Headlines in phrases: between them their lines break in every browser.

Chromium alone finds the phrases of Japanese by itself; the other engines break a line after any
character. BudouX finds them when a headline is saved, and they are stored as the headline with a
mark between them. HTML shows the marks as ``<wbr>``, which nobody copies; wherever else a headline
stands, it stands without them.
"""

import re
from functools import cache

import budoux

from articles.web.languages import DIGITS, JAPANESE, PHRASE_MARK, remove_marks

# A number with its sign, its separators and its unit: no line breaks in it.
_NUMBER = re.compile(
    rf"[第約計$＄¥￥€£+＋−△▲]*[{DIGITS}]+(?:[・.,．，、/／:：〜～~–-][{DIGITS}]+)*"
    r"(?:[ァ-ヴー]+|[A-Za-zＡ-Ｚａ-ｚ]+|[%％℃°]|(?:カ|か|ヵ|ヶ|ケ)(?:月|国|所|年)[間目]?"
    r"|(?:時間|週間|年度|年間|年代|日間|周年|世紀|人目|番目|割合|歳児)|[^\W\d_ぁ-んァ-ヴー])?(?:目|間|半|台)?"
)


def split_phrases(text):
    """Return a Japanese headline with a mark between its phrases; empty for any other text."""
    text = remove_marks(text)
    if not JAPANESE.search(text):
        return ""
    inside = set()
    for number in _NUMBER.finditer(text):
        inside.update(range(number.start() + 1, number.end()))
    phrases, position = [""], 0
    for phrase in _load_parser().parse(text):
        if position in inside or phrase.isspace() or phrases[-1][-1:].isspace():
            phrases[-1] += phrase
        else:
            phrases.append(phrase)
        position += len(phrase)
    return PHRASE_MARK.join(filter(None, phrases))


@cache
def _load_parser():
    return budoux.load_default_japanese_parser()
