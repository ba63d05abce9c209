"""The classic editor's bare paragraphs: where a newline means something, it is marked.

WordPress keeps the classic editor's text without ``<p>``: a blank line parts paragraphs, a single
newline is a line break. Instead of guessing tags here, the newlines are replaced by Unicode's own
separators, which pass through the HTML parser as text; ``flow`` makes the paragraphs.
"""

import re

LINE_BREAK = "\u2028"
PARAGRAPH_BREAK = "\u2029"

VERBATIM = "pre|script|style|textarea|svg|math|select|iframe|object"
TOKEN = re.compile(
    rf"(<!--.*?-->|<({VERBATIM})\b[^>]*>.*?</\2\s*>|</?[A-Za-z][^>]*>)", re.DOTALL | re.IGNORECASE
)
AFTER_BREAK = re.compile(r"(<br\s*/?>)[ \t]*\n(?!\s*\n)", re.IGNORECASE)
BLANK_LINES = re.compile(r"[ \t]*\n(?:[ \t]*\n)+[ \t]*")
NEWLINE = re.compile(r"[ \t]*\n[ \t]*")


def with_marked_newlines(html):
    """Return HTML in which the newlines of the text are line and paragraph separators."""
    html = html.replace("\r\n", "\n").replace("\r", "\n")
    html = AFTER_BREAK.sub(r"\1", html)
    pieces = []
    position = 0
    for token in TOKEN.finditer(html):
        pieces += (_marked(html[position : token.start()]), token[0])
        position = token.end()
    pieces.append(_marked(html[position:]))
    return "".join(pieces)


def _marked(text):
    return NEWLINE.sub(LINE_BREAK, BLANK_LINES.sub(PARAGRAPH_BREAK, text))
