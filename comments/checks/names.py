"""Checks of the name: reserved names, and signs that only the site may set."""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from django.utils.translation import gettext as _

from comments.checks.verdict import refuse
from comments.lookalikes import fold_letters, spell_latin
from comments.signatures import split_name

# Refused anywhere in a name, even as a part of a longer word.
PARTS = """
編集部 編集長 編集局 編集委員 論説委員 運営 管理人 管理者 管理員 管理局 事務局 モデレータ アドミン
管理团队 管理團隊 系统管理 系統管理 版主 站长 站長 관리자 운영자
ウェブマスタ へんしゅうぶ うんえい かんりにん
本人降臨 本人登場 本人確認済 本人公認 公式本人 者本人 主本人 公式アカウント
admin moderator webmaster sysop editorial editorinchief
админ модератор редакция
"""
# Refused as words of their own: 日本人, 松本人志, 非公式, Stafford and creditor are others.
WORDS = """
本人 ほんにん 公式 記者 本紙 スタッフ オフィシャル エディタ
staff official editor mod mods owner operator topicstarter
"""
# Words that hold one of the above but do not refer to the site.
OTHERS = ["badminton"]

# Names of the characters that pass for ◆, which marks a tripcode, and for the colon of an ID.
DIAMOND = re.compile("DIAMOND|LOZENGE|RHOMB|SQUARED ID")
COLON = re.compile("COLON|RATIO|TWO DOT|SOF PASUQ|ARMENIAN FULL STOP")
CODE = re.compile(r"(?<![a-z0-9])[l1][\W_]?d[\W_]{0,2}:")
REFERENCE = re.compile(r"(?:[>›❯]\s*[>›❯]|[≫»⪢])\s*\d")
# Particles and titles that join a name in hiragana to the words around it.
BEFORE = re.compile("(?:お|ご|の|が|は)$")
AFTER = re.compile("さん|ちやん|くん|さま|です|だ|より|から|の")


class Reserved(NamedTuple):
    """A folded name. ``place`` says where it is refused: as the ``whole`` name, as a ``word`` in a
    name, or as any ``part`` of one."""

    letters: str
    place: str


@lru_cache(maxsize=8)
def reserve_names(names, *, word_below=0):
    """Return the reserved names of a tuple. Those with fewer letters than ``word_below`` are
    refused as words only; a single kanji and two Latin letters as the whole name only. Remembers
    the last tuples, as they are those of every post."""
    reserved = set()
    for name in names:
        letters = fold_name(name)
        if letters:
            reserved.add(Reserved(letters, _choose_place(letters, word_below)))
    return frozenset(reserved)


def _choose_place(letters, word_below):
    is_latin = letters.isascii()
    if len(letters) < (3 if is_latin else 2):
        return "whole"
    return "word" if len(letters) < (8 if is_latin else word_below) else "part"


@lru_cache(maxsize=1)
def _house():
    return frozenset(
        Reserved(fold_name(name), place)
        for names, place in ((PARTS, "part"), (WORDS, "word"))
        for name in names.split()
    )


def fold_name(name):
    """Return a name without what makes two look alike: width, case, kana, lookalikes, spaces,
    invisible marks."""
    return "".join(letter.character for letter in fold_letters(name))


def reserved_name(draft, facts):
    """Refuse a name that passes for the site or somebody of its staff."""
    name = split_name(draft.name)[0]
    if not name:
        return None
    reserved = facts.reserved_names | _house()
    if any(_holds(fold_letters(name, with_signs=signs), reserved) for signs in (True, False)):
        message = _("The names of this site and its staff are reserved. Please choose another one.")
        return refuse("name", message)
    return None


def _holds(letters, reserved):
    text = "".join(letter.character for letter in letters)
    for other in OTHERS:
        text = text.replace(fold_name(other), "\0" * len(fold_name(other)))
    return any(
        text == name
        or (place == "part" and name in text)
        or (place == "word" and _holds_word(letters, text, name))
        for name, place in reserved
    )


def _holds_word(letters, text, name):
    starts = (match.start() for match in re.finditer(f"(?={re.escape(name)})", text))
    return any(_is_word(letters, text, start, start + len(name)) for start in starts)


def _is_word(letters, text, start, end):
    """Whether the letters from ``start`` to ``end`` are set off from those around them: by a
    separator, another script, or a particle of Japanese."""
    begins = _is_parted(letters, start) or BEFORE.search(text[:start])
    return bool(begins and (_is_parted(letters, end) or AFTER.match(text, end)))


def _is_parted(letters, place):
    if place in {0, len(letters)} or letters[place].begins:
        return True
    return letters[place].kind != letters[place - 1].kind


def imitated_sign(draft, facts):
    """Refuse signs that pass for a tripcode, an ID or the number of a comment."""
    name = unicodedata.normalize("NFKC", split_name(draft.name)[0])
    sign = _find_diamond(name) or _find_code(name) or REFERENCE.search(name)
    if sign:
        message = _("Please remove “%(sign)s” from the name. Only this site sets such marks.")
        return refuse("name", message % {"sign": sign[0]})
    return None


def _find_diamond(name):
    return next((sign for sign in name if DIAMOND.search(unicodedata.name(sign, ""))), None)


def _find_code(name):
    """Return the part that looks like ``ID:``, in a list, or None."""
    spelled = "".join(
        ":" if COLON.search(unicodedata.name(sign, "")) else spell_latin(sign) for sign in name
    )
    match = CODE.search(spelled)
    return [name[slice(*match.span())]] if match else None
