"""Texts that know their language. On a page in another language they say so by themselves."""

import re
from functools import lru_cache

from django.utils.html import escape, format_html
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

JAPANESE = re.compile("[\u3041-\u30ff\u4e00-\u9fff]")
PHRASE_MARK = "\u200b"  # between two phrases of a headline
BLANKS = re.compile("([ \u3000]+)")  # where the editor wants a line to end, if one has to
DIGITS = "0-9０-９〇一二三四五六七八九十百千万億兆"
# A number that a browser might break after one of its separators.
PARTED_NUMBER = re.compile(rf"[{DIGITS}]+(?:[・.,．，、/／:：〜～~–-][{DIGITS}]+)+")
KOREAN = re.compile("[\uac00-\ud7a3]")
FOREIGN_LETTER = re.compile(r"[^\W\d_a-zA-Z]")  # English has none
NO_WORDS = re.compile(r"<[^>]*>|https?://\S+|&#?\w+;")
WORD = re.compile(r"[a-z]+(?:['’][a-z]+)?")
SURE = 5  # one word of so many is among the most frequent ones of English
FREQUENT = frozenset(
    """
    the a an of to in on at for from with by as is are was were be been it it's its this that these
    those i i'm you he she we they not no yes and or but if so than then there here what who when
    where why how which do does did don't has have had can could will would should my your his her
    our their me him us them all one more about out up just thanks
    """.split()  # noqa: SIM905
)


class TextInLanguage(str):
    """A text with its language; a headline has its phrases too. HTML prints it in an element that
    names the language if the page has another one, and with breaks between the phrases; where HTML
    takes no element, print ``str(text)``."""

    __slots__ = ("language", "phrases")

    def __new__(cls, text, language, phrases=""):
        self = super().__new__(cls, text)
        self.language = language
        self.phrases = phrases
        return self

    def __getnewargs__(self):
        return str(self), self.language, self.phrases

    def __html__(self):
        is_split = self.phrases and remove_marks(self.phrases) == remove_marks(self)
        html = mark_phrases(self.phrases) if is_split else escape(str(self))
        return wrap_language(html, self.language)

    def cut(self, start, end):
        """Return a part of the text as a slice does, with its language and its phrases."""
        phrases = cut_phrases(self.phrases, start, end) if self.phrases else ""
        return TextInLanguage(self[start:end], self.language, phrases)


def wrap_language(html, language):
    """Return safe HTML in an element that names its language, unless the page has the same."""
    mark = name_language(language)
    return format_html("<span{}>{}</span>", mark, html) if mark else html


def name_language(language):
    """Return the attribute ``lang`` of an element, empty if its language is that of the page."""
    return format_html(' lang="{}"', language) if language and language != get_language() else ""


def keep_language(text, changed):
    """Return what was made from a text, in the language of the text if that is known."""
    language = getattr(text, "language", "")
    return TextInLanguage(changed, language) if language else changed


def guess_language(text, page=""):
    """Return the language of what a reader wrote, empty unless its letters or words tell.

    ``page``: the language around it; whether a text is in English too takes long to find out.
    """
    if JAPANESE.search(text):
        return "ja"
    if KOREAN.search(text):
        return "ko"
    if page == "en":
        return ""
    text = NO_WORDS.sub(" ", text).lower()
    words = WORD.findall(text)
    if FOREIGN_LETTER.search(text) or len(words) < 2:
        return ""
    return "en" if SURE * sum(word in FREQUENT for word in words) >= len(words) else ""


def remove_marks(text):
    return str(text).replace(PHRASE_MARK, "")


def cut_phrases(phrases, start, end):
    """Return the phrases of the characters from ``start`` to ``end`` of a headline."""
    marked, position = [], 0
    for character in phrases:
        if character == PHRASE_MARK:
            if start < position < end:
                marked.append(PHRASE_MARK)
            continue
        if start <= position < end:
            marked.append(character)
        position += 1
    return "".join(marked)


@lru_cache(maxsize=2_048)
def mark_phrases(phrases):
    """Return the HTML of a headline in phrases. A line ends at the blanks of the editor first, then
    between phrases, and never in a number."""
    parts = BLANKS.split(phrases.strip())
    parts[::2] = map(_mark_part, parts[::2])
    if len(parts) > 1:
        parts[::2] = [f'<span class="headline__part">{part}</span>' for part in parts[::2]]
    html = "".join(parts)
    return mark_safe(f'<span class="headline">{html}</span>' if "<" in html else html)


def _mark_part(part):
    number = r'<span class="headline__number">\g<0></span>'
    return PARTED_NUMBER.sub(number, escape(part.strip(PHRASE_MARK))).replace(PHRASE_MARK, "<wbr>")
