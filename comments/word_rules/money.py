"""The class of patterns for quick money: wages too good to be true, jobs with invitation."""

import re
import unicodedata

from comments.word_rules.folding import fold_word, join_words, read_folded
from comments.word_rules.patterns import PatternClass, mask_words
from comments.word_rules.phrases import read_pairs

LEAST = 3_000  # yen; less is no lure, whatever is promised
REACH = 12  # letters between an offer and what invites


_CASH = mask_words(read_folded("money", "cash"))
_CASH_TALK = re.compile(join_words(read_folded("money", "cash_talk")))
_STRONG = frozenset(read_folded("money", "strong"))
_OFFERS = frozenset(read_folded("money", "offers"))
# 募集 invites, unless somebody is spoken of who did so: 募集していた.
_INVITES = re.compile(
    f"{join_words(read_folded('money', 'invites'))}|募集(?![シサガノヲニハ投者人役要])"
)
_TALK = re.compile(join_words(read_folded("money", "lure_talk")))
_EARNING = fold_word("稼げ").text
_EARNED = re.compile("[0-9一ニ三四五六七八九十百]万円?[モヲハ]?$")
_MEANS = re.compile(join_words(read_folded("money", "lure_means")))
_PROMISES = re.compile(join_words(read_folded("money", "promises")))
_WAGES = {fold_word(word).text: int(yen) for word, yen in read_pairs("money", "wages").items()}
_AMOUNT = re.compile(
    r"[^\d一二三四五六七八九十百千壱弐参伍万。\n]{0,5}(?:[\d,.]+\s*[万千]?円?\s*[~〜～ー-]\s*)?"
    r"(?P<number>\d[\d,. ]*|[一二三四五六七八九十百千壱弐参伍]+)\s*"
    r"(?P<unit>万|萬|まん|マン|千|k|円)?(?![人台件個本回枚歩票])",
    re.I,
)
_UNITS = {"万": 10_000, "萬": 10_000, "まん": 10_000, "マン": 10_000, "千": 1_000, "k": 1_000}
_NUMERALS = {numeral: value for value, numeral in enumerate("一二三四五六七八九", 1)}
_NUMERALS |= {"壱": 1, "弐": 2, "参": 3, "伍": 5}
_PLACES = {"十": 10, "百": 100, "千": 1_000}


def find_offer(folded, letters, start, end):
    """Yield the span of an offer of quick money."""
    word = letters.text[start:end]
    if word in _WAGES:
        if last := _find_wage(folded, letters, start, end):
            yield letters.start_of(start), last
    elif word in _OFFERS:
        if invite := _INVITES.search(letters.text, end, letters.reach(end, REACH)):
            yield letters.span(start, invite.end())
    elif word == _EARNING:
        before = letters.text[max(0, start - 16) : start]
        if _EARNED.search(before) and _MEANS.search(before):
            yield letters.span(start, end)
    elif word in _STRONG:
        if not _TALK.search(letters.text, end, letters.reach(end, REACH)):
            yield letters.span(start, end)
    elif not _CASH_TALK.match(letters.text, end):
        yield letters.span(start, end)


def _find_wage(folded, letters, start, end):
    """Return where an amount ends that no honest work pays, or None."""
    begin = letters.end_of(end - 1)
    ahead = folded.original[begin : begin + 20]
    amount = _AMOUNT.match(_narrow(ahead))
    if not amount:
        return None
    yen = read_number(amount["number"]) * _UNITS.get((amount["unit"] or "").lower(), 1)
    least = _WAGES[letters.text[start:end]]
    if yen < max(100, least / 3):
        return None
    if yen < least or not least:
        follows = letters.text[end : letters.reach(end, REACH)]
        if yen < LEAST or not _PROMISES.search(follows):
            return None
    return begin + amount.end()


def _narrow(text):
    """Return a text of the same length, each character normalised if it stays one."""
    normal = (unicodedata.normalize("NFKC", character) for character in text)
    return "".join(
        one if len(one) == 1 else before for one, before in zip(normal, text, strict=True)
    )


def read_number(text):
    """Return the value of an amount in digits or in kanji up to thousands."""
    digits = re.sub("[, ]", "", text).rstrip(".")
    if digits[:1].isdigit():
        return float(digits) if digits.count(".") <= 1 else 0
    total = current = 0
    for numeral in text:
        if numeral in _PLACES:
            total += (current or 1) * _PLACES[numeral]
            current = 0
        else:
            current = _NUMERALS[numeral]
    return total + current


MONEY = PatternClass(words=[*_CASH, *_STRONG, *_OFFERS, *_WAGES, _EARNING], find_at=find_offer)
