"""Texts that know their language. On a page in another language they say so by themselves."""

import re

from django.utils.html import escape, format_html
from django.utils.translation import get_language

JAPANESE = re.compile("[\u3041-\u30ff\u4e00-\u9fff]")
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
    """A text with its language. HTML prints it in an element that names the language if the page
    has another one; where HTML takes no element, print ``str(text)``."""

    __slots__ = ("language",)

    def __new__(cls, text, language):
        self = super().__new__(cls, text)
        self.language = language
        return self

    def __getnewargs__(self):
        return str(self), self.language

    def __html__(self):
        return wrap_language(escape(str(self)), self.language)


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
