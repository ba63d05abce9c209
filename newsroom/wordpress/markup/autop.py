"""The classic editor's paragraphs: newlines become Unicode's line and paragraph separators.

WordPress stores the classic editor's text without ``<p>``: a blank line separates paragraphs, a
single newline is a line break. The separators pass through the HTML parser as text;
``document.Flow`` makes paragraphs of them. WordPress's own name for this is ``wpautop``.
"""

import re

from django.utils.text import normalize_newlines

from newsroom.importing.dom import LINE_BREAK, PARAGRAPH_BREAK

VERBATIM = "pre|script|style|textarea|svg|math|select|iframe|object"
# Patterns of the import stop where another token begins: texts that never complete one would
# otherwise take the square of their length.
COMMENT = "<!--[^<-]*+(?:(?!<!--|-->)[<-][^<-]*+)*+-->"
TOKEN = re.compile(
    rf"({COMMENT}|<({VERBATIM})\b[^<>]*+>[^<]*+(?:<(?!/?\2\b)[^<]*+)*+</\2\s*+>|</?[A-Za-z][^<>]*+>)",
    re.DOTALL | re.IGNORECASE,
)
AFTER_BREAK = re.compile(r"(<br\s*/?>)[ \t]*\n(?!\s*\n)", re.IGNORECASE)
BLANK_LINES = re.compile(r"(?<![ \t])[ \t]*+\n(?:[ \t]*+\n)++[ \t]*+")
NEWLINE = re.compile(r"(?<![ \t])[ \t]*+\n[ \t]*+")


def mark_newlines(html):
    """Return HTML with separators in place of the newlines outside of tags."""
    pieces = TOKEN.split(AFTER_BREAK.sub(r"\1", normalize_newlines(html)))
    del pieces[2::3]  # names of verbatim elements; texts and tokens by turns remain
    pieces[::2] = map(mark_text, pieces[::2])
    return "".join(pieces)


def mark_text(text):
    """Return a text with separators in place of its newlines."""
    return NEWLINE.sub(LINE_BREAK, BLANK_LINES.sub(PARAGRAPH_BREAK, text))
