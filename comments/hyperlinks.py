"""Finds web addresses in a text; they end where a reader would end them.

No library does: linkify-it reads ``https://example.comです`` as one host.
"""

import re
import unicodedata
from typing import NamedTuple

_START = re.compile(r"https?://|(?<![A-Za-z0-9_.@/:-])www\.", re.IGNORECASE)
_NEXT_START = re.compile(r"(?<=[^\W_])https?://", re.IGNORECASE)
_IP_LITERAL = re.compile(r"\[[0-9A-Fa-f:.]{2,45}\]")
_IPV4 = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}")
_PORT = re.compile(r":[0-9]{1,5}(?![0-9])")
_USER = re.compile(r"[!-.0-9:-?A-~]*@")  # RFC 3986 §3.2.1; such an address hides its host
_TOP_LABEL = re.compile(r"[A-Za-z]{2,}|xn--[A-Za-z0-9-]+", re.IGNORECASE)
_ASCII_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9])?")
_WORD = re.compile(r"[\w-]*")
_ENCODED = re.compile("%[89A-F][0-9A-F]", re.IGNORECASE)  # such an address has no raw kanji
_PLAIN = re.compile(r"[A-Za-z0-9_/%=&~+.,:;!?$@|#-]*")
_BRACKETS = {"(": ")", "[": "]", "{": "}"}
_ENDS = frozenset('<>"\\^`')
_JOINERS = frozenset("\u200c\u200d")
_TRAILING = ".,:;!?'*|"
# Between two letters these belong to a word: UAX #31 table 3a, and the titles of Japanese works.
_MEDIAL = frozenset("·֊׳״་‐‧゠・･–〜～＝☆★♪♡♥")


class Link(NamedTuple):
    """An address from ``start`` to ``end`` of a text; ``url`` begins with its scheme."""

    start: int
    end: int
    url: str


def find_links(text):
    """Yield the links of a text in order: http, https, and addresses that begin with ``www.``"""
    if "://" not in text and "www." not in text.lower():
        return
    position = 0
    while begin := _START.search(text, position):
        link, position = _read_link(text, begin)
        if link:
            yield link


def _read_link(text, begin):
    """Return the link that begins here, or None, and where the search goes on."""
    is_bare = not begin[0].endswith("/")
    start = begin.start() if is_bare else begin.end()
    end, last = _find_host_end(text, start, labels=3 if is_bare else 2)
    if not end:
        return None, max(last, begin.end())
    if port := _PORT.match(text, end):
        end = port.end()
    if text[end : end + 1] in {"/", "?", "#"}:
        end = _find_path_end(text, end, opening=text[begin.start() - 1 : begin.start()])
    scheme = "http://" if is_bare else begin[0].lower()
    return Link(begin.start(), end, scheme + text[start:end]), end


def _find_host_end(text, start, *, labels):
    """Return the end of a host that has at least so many labels, 0 if there is none, and the start
    of the last label read: after a failure the search goes on there, so that it stays linear.

    A host ends before kana and kanji if it can: ``example.comです`` is a host and a word, while
    ``日本語.jp``, ``2ちゃん.jp`` and ``例え.みんな`` are hosts.
    """
    if literal := _IP_LITERAL.match(text, start):
        end = literal.end()
        return (0 if _USER.match(text, end) else end), end
    ends, position = [], start
    free = 2 if text[start : start + 4].lower() == "www." else 1  # labels of any script
    while True:
        label = _ASCII_LABEL.match(text, position) if len(ends) >= free else None
        end = label.end() if label else _find_label_end(text, position)
        if end == position or (not label and len(ends) > free and _has_top_label(text, ends)):
            break
        ends.append(end)
        if text[end : end + 1] != ".":
            break
        position = end + 1
    last = ends[-2] + 1 if len(ends) > 1 else start
    if ends and _USER.match(text, ends[-1]):
        return 0, last
    while len(ends) >= labels:
        if (
            _has_top_label(text, ends)
            or not text[ends[-1] - 1].isascii()
            or _IPV4.fullmatch(text, start, ends[-1])
        ):
            return ends[-1], last
        ends.pop()
    is_local = bool(ends) and text[start : ends[0]].lower() == "localhost"
    return (ends[0] if is_local else 0), last


def _has_top_label(text, ends):
    """Whether the last of some labels can end a host: letters, or punycode."""
    return bool(_TOP_LABEL.fullmatch(text, ends[-2] + 1, ends[-1]))


def _find_label_end(text, position):
    while True:
        position = _WORD.match(text, position).end()
        if not _is_of_word(text[position : position + 1]):
            return position
        position += 1


def _find_path_end(text, start, *, opening):
    """Return the end of the rest of an address: before white space, another address, the first
    punctuation mark, symbol, quote or bracket that is not ASCII, and at brackets without a partner.
    ``opening`` is the character before the address; a quote or an asterisk ends it too.
    """
    following = _NEXT_START.search(text, start)
    limit = following.start() if following else len(text)
    encoded = _ENCODED.search(text, start, limit)
    raw_end = encoded.start() if encoded else limit
    openers, position = [], start
    while (position := _PLAIN.match(text, position, limit).end()) < limit:
        character = text[position]
        if character in _BRACKETS:
            openers.append(position)
        elif character in ")]}":
            if not openers or _BRACKETS[text[openers[-1]]] != character:
                break
            openers.pop()
        elif character.isascii():
            if character in _ENDS or character in opening or not "!" <= character <= "~":
                break
        elif position > raw_end or not (_is_of_word(character) or _is_medial(text, position)):
            break
        position += 1
    end = openers[0] if openers else position
    while end > start and text[end - 1] in _TRAILING:
        end -= 1
    return end


def _is_of_word(character):
    """Whether a character is a letter, digit, combining mark or joiner (as in Persian words)."""
    return (
        character.isalnum()
        or character in _JOINERS
        or unicodedata.category(character or " ")[0] == "M"
    )


def _is_medial(text, position):
    around = text[position - 1], text[position + 1 : position + 2]
    return text[position] in _MEDIAL and all(map(str.isalnum, around))
