"""A comment's plain text as HTML, rendered once, when the comment is saved."""

import re
import unicodedata
from html import escape

from articles.web import html

REFERENCE = re.compile(r">>([1-9][0-9]{0,6})(?![0-9])")
_LINK = r"https?://[^\s<>\"'「」『』（）【】、。，．　]+"
_TOKEN = re.compile(f"(?P<link>{_LINK})|{REFERENCE.pattern}")
# Besides what XML forbids: other controls, the replacement character that Django puts for broken
# UTF-8, non-characters, and the private area, in which comments.tree_html sets its marks.
UNPRINTABLE = re.compile(
    f"{html.UNPRINTABLE.pattern}|[\r\x7f-\x9f\ue000-\uf8ff\ufdd0-\ufdef\ufffd]"
)
MOST_REFERENCES = 20  # more of one comment stay text
_TRAILING = ".,:;!?)]}'*"
_PARAGRAPHS = re.compile(r"\n[ \t　]*\n\s*")


def tidy_text(text):
    """Return a text with NFC characters, ``\\n`` line ends and no blank ends."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "\n".join(line.rstrip() for line in text.split("\n")).strip()


def normalise_text(text):
    """Return a text as the database stores it: tidied, without characters that no page or feed can
    hold. A check refuses them in readers' texts (``checks.text.broken_characters``)."""
    return tidy_text(UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))


def find_references(text):
    """Return the numbers of the comments that a text names as ``>>12``, the first 20 of them."""
    numbers = dict.fromkeys(int(number) for number in REFERENCE.findall(text))
    return set(list(numbers)[:MOST_REFERENCES])


def render_text(text, targets):
    """Return safe HTML: paragraphs, line breaks, quotes, links and references.

    ``targets`` maps the numbers of comments to their primary keys; a number that it does not
    know stays text. Lines that begin with ``>`` (but not ``>>12``) are quotes.
    """
    paragraphs = _PARAGRAPHS.split(normalise_text(text))
    return "".join(
        f"<p>{'<br>'.join(_render_line(line, targets) for line in paragraph.split(chr(10)))}</p>"
        for paragraph in paragraphs
        if paragraph
    )


def build_place_path(pk):
    """Return a path to a comment that works on every page. Scripts use its fragment alone on the
    comment's own page."""
    return f"/comments/{pk}/thread/#comment-{pk}"


def _render_line(line, targets):
    html = _render_inline(line, targets)
    if line.startswith((">", "＞")) and not REFERENCE.match(line):
        return f'<span class="quoted">{html}</span>'
    return html


def _render_inline(line, targets):
    parts, position = [], 0
    for token in _TOKEN.finditer(line):
        parts.append(escape(line[position : token.start()]))
        parts.append(
            _render_link(token["link"])
            if token["link"]
            else _render_reference(token[0], int(token[2]), targets)
        )
        position = token.end()
    parts.append(escape(line[position:]))
    return "".join(parts)


def _render_link(address):
    bare = address.rstrip(_TRAILING)
    if address[len(bare) :].startswith(")") and bare.count("(") > bare.count(")"):
        bare += ")"
    rest = address[len(bare) :]
    return f'<a href="{escape(bare)}" rel="nofollow ugc noopener">{escape(bare)}</a>{escape(rest)}'


def _render_reference(text, number, targets):
    if number not in targets:
        return escape(text)
    return f'<a class="reference" href="{build_place_path(targets[number])}">{escape(text)}</a>'
