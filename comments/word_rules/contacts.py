"""Classes of patterns: contacts and money, also where they are spelled to get past a rule.

Each finds spans of the original in a ``Folded`` text. A subject alone (LINE, 日給) is talk of the
day; only with what invites the reader (交換しよ, ID: …) it is a hit.
"""

import re

from comments.word_rules.edges import Edges
from comments.word_rules.folding import join_words, read_folded
from comments.word_rules.letters import MASK_LETTER
from comments.word_rules.patterns import PatternClass, mask_words
from comments.word_rules.phrases import read_words

_LINE = [*mask_words(read_folded("contacts", "line")), *read_folded("contacts", "line_nicknames")]
_MESSENGERS = mask_words(read_folded("contacts", "messengers"))
_JOINTS = re.compile(f"{join_words(read_folded('contacts', 'joints'))}{{0,4}}")
_INVITES = re.compile(
    f"{_JOINTS.pattern}(?:{join_words(read_folded('contacts', 'invites'))}|マデ$)"
)
_OFFICIAL = re.compile(join_words(read_folded("contacts", "officials")) + "[ノガデハ]?$")
_ACCOUNT = re.compile(
    r"\s{0,3}(?:(?:の|is|は|が)?\s*(?P<id>id|アイディー?|あいでぃー?))?\s{0,3}(?P<sign>[:=→⇒▶>@は↓]{0,4})"
    r"\s{0,3}(?P<name>[a-z0-9][a-z0-9_.\-]{2,30}[a-z0-9])",
    re.I,
)


def find_invitation(folded, letters, start, end):
    """Yield the span of a service's name with an invitation or an account behind it."""
    edges = Edges(folded.original, letters, start, end)
    if not edges.begins_word or not edges.is_joined:
        return
    invite = _INVITES.match(letters.text, end)
    if not (invite or edges.ends_word or letters.text.startswith("ld", end)):
        return
    if _OFFICIAL.search(letters.text[max(0, start - 8) : start]):
        return
    if invite:
        yield letters.start_of(start), letters.end_of(invite.end() - 1)
        return
    joined = _JOINTS.match(letters.text, end).end()
    for begin in {end, joined}:
        last = _find_account(folded.original, letters.end_of(begin - 1))
        if last is not None:
            yield letters.start_of(start), last


def _find_account(text, start):
    """Return where an account's name behind a subject ends, or None."""
    account = _ACCOUNT.match(_widthless(text[start : start + 60]))
    if not account:
        return None
    mixed = re.search("[a-zA-Z]", account["name"]) and re.search("[0-9_]", account["name"])
    is_named = mixed or account["id"] or set(account["sign"]) - set("は:=")
    return start + account.end() if is_named else None


_WIDE = re.compile("[！-～]")
_NARROW = {code + 0xFEE0: code for code in range(ord("!"), ord("~") + 1)}
_HANDLE = re.compile(r"(?<![\w.])[@＠]\s?(?P<name>[a-zA-Z][\w.\-]{3,30})", re.A)
_WIDE_HANDLE = re.compile("[＠@]")
_KNOWN_HANDLES = frozenset(read_words("contacts", "known_handles"))
_OF_PERSON = re.compile(r"\s?(?:さん|氏|様|記者|選手|議員|の(?:[一-鿿]|ポスト|ツイート)|を引|によ)")
_FOLLOW = re.compile(join_words(read_words("contacts", "follows")), re.I)


def find_handles(folded):
    """Find account names behind @; prices (@100円) and company names (@nifty) are none."""
    if not _WIDE_HANDLE.search(folded.original):
        return
    text = _widthless(folded.original)
    for found in _HANDLE.finditer(text):
        name = found["name"]
        before = text[max(0, found.start() - 12) : found.start()]
        if name.lower() in _KNOWN_HANDLES or "公式" in before or "." in name:
            continue
        after = text[found.end() : found.end() + 12]
        around = before + after
        if _OF_PERSON.match(after) and not _FOLLOW.search(around):
            continue  # somebody is spoken of, who need not be the writer
        if re.search("[0-9_]", name) or _FOLLOW.search(around) or not text[: found.start()].strip():
            yield found.span()


def _widthless(text):
    """Return a text of the same length with ASCII instead of its wide twins."""
    return text.translate(_NARROW) if _WIDE.search(text) else text


_AT = (
    r"(?:@{1,3}|[(\[{<（【]\s*(?:at|アット|あっと|@|a)\s*[)\]}>）】]|アットマーク|あっとまーく|アット"
    r"|[☆★■●◎]|_at_| at )"
)
_DOT = r"(?:\.|。|．|・|,|[(\[（]\s*(?:dot|ドット)\s*[)\]）]|ドット|どっと|_dot_| dot )"
_TOP = r"(?:com|co|net|org|jp|ne|or|info|me|io|cn|kr|ru|コム|こむ|ネット|ジェーピー)"
_MAIL = re.compile(
    rf"[a-z0-9][a-z0-9._+\-]{{0,60}}\s?{_AT}\s?(?P<host>[a-z0-9\-]{{1,60}}"
    rf"(?:\s?{_DOT}\s?[a-z0-9\-]{{1,60}}){{0,4}}?\s?{_DOT}\s?{_TOP}(?:\s?{_DOT}\s?jp)?)(?![a-z0-9])",
    re.I,
)
_PROVIDER = re.compile(
    rf"[a-z0-9][a-z0-9._+\-]{{2,60}}\s?{_AT}?\s?(?:gmail|ジーメール|gメール|yahoo|ヤフー?メール"
    rf"|hotmail|outlook|icloud|docomo|ezweb|softbank|protonmail)"
    rf"\s?{_DOT}?\s?(?:com|co|ne|コム|jp)",
    re.I,
)
_AT_PROVIDER = re.compile(
    r"[a-z0-9][a-z0-9._+\-]{2,60}\s?@{1,3}\s?(?:gmail|yahoo|hotmail|outlook|icloud|docomo|ezweb)",
    re.I,
)
_MAIL_HINTS = [
    "@",
    "☆",
    "★",
    "■",
    "●",
    "◎",
    "アット",
    "あっと",
    "_at_",
    "(a",
    "（a",
    "[a",
    "【a",
    "gmail",
    "ジーメール",
    "yahoo",
    "hotmail",
    "outlook",
    "icloud",
]
_PUBLIC_HOST = re.compile(
    r"(?:go|lg|ac|ed)\.jp$|^(?:[\w\-]+\.)*(?:city|pref|metro|town|vill)\.[\w.\-]+\.jp$", re.I
)


def find_mails(folded):
    """Find mail addresses but those of authorities and schools."""
    text = _widthless(folded.original)
    lowered = text.lower()
    if " at " not in lowered and not any(hint in lowered for hint in _MAIL_HINTS):
        return
    for pattern in (_MAIL, _PROVIDER, _AT_PROVIDER):
        for found in pattern.finditer(text):
            host = found.groupdict().get("host") or ""
            if not _PUBLIC_HOST.search(host):
                yield found.span()


_NUMBER_HINT = re.compile("[\\d〇零①-⑳⓪]|ゼロ|ぜろ|ｾﾞﾛ")
_ZERO = f"(?:[0o零{MASK_LETTER}]|ゼロ|レイ|マル)"
_DIGIT = (
    f"(?:[0-9ol零一ニ二三ミ四五六七八ハ九{MASK_LETTER}]"
    "|ゼロ|レイ|マル|イチ|ニイ|サン|ヨン|シ|ゴ|ロク|ナナ|シチ|ハチ|キユウ|キユ)"
)
_MOBILE = "(?:[5789五七八ハ九]|ゴ|ナナ|ハチ|キユウ|キユ)"
_PHONE = re.compile(f"(?<![0-9])(?:{_ZERO}|81){_MOBILE}{_ZERO}(?![0零ゼ]){_DIGIT}{{8}}(?![0-9])")

_PHONE_IN_WORDS = re.compile(
    "(?<![0-9])(?:0|ゼロ|ぜろ)[789]0\\s?の\\s?[0-9]{4}\\s?の\\s?[0-9]{4}(?![0-9])"
)


def find_phones(folded):
    """Find numbers of mobile phones. Those of offices begin otherwise."""
    if not _NUMBER_HINT.search(folded.original):
        return
    for letters in folded.masked + folded.plain:
        for found in _PHONE.finditer(letters.text):
            yield letters.span(*found.span())
    for found in _PHONE_IN_WORDS.finditer(_widthless(folded.original)):
        yield found.span()


CONTACTS = {
    "line": PatternClass(words=_LINE, find_at=find_invitation),
    "messenger": PatternClass(words=_MESSENGERS, find_at=find_invitation),
    "handle": PatternClass(scan=find_handles),
    "mail": PatternClass(scan=find_mails),
    "phone": PatternClass(scan=find_phones),
}
