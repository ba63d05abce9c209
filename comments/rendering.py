"""A comment's plain text as HTML, rendered once, when the comment is saved.

White space stays as it was written, and the style sheet shows it (``white-space: pre-wrap``).
Feeds have no style sheet: for them ``keep_spaces`` rewrites the HTML.
"""

import re
from html import escape

from comments.anchors import ANCHOR, MOST_REFERENCES, NUMBER, find_references
from comments.characters import normalize_text
from comments.hyperlinks import find_links

_PARAGRAPHS = re.compile("\n{2,}")
_QUOTE_MARKS = (">", "＞", "﹥")
# The blocks of Hebrew, Arabic and other scripts that are written from right to left.
_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefe\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_TAG = re.compile(
    r"</?p>|<p dir=\"auto\">|<br>|</?span>|<span class=\"quoted\">|</a>"
    r"|<a class=\"reference\" href=\"/comments/[0-9]+/thread/#comment-[0-9]+\">"
    r"|<a href=\"https?://[^\"<>]*+\" rel=\"nofollow ugc noopener\">"
)
_COLLAPSING = re.compile("(?<=<p>) |(?<=<br>) | (?= )")


def render_text(text, targets):
    """Return safe HTML: paragraphs, line breaks, quotes, links and references.

    ``targets`` maps the numbers of comments to their primary keys; a number that it does not
    know stays text. Lines that begin with ``>`` (but with no anchor) are quotes. A paragraph with
    letters of a script from right to left takes its direction from its first letter.
    """
    text = normalize_text(text)
    if not text:
        return ""
    if len(targets) > MOST_REFERENCES:
        targets = {number: targets[number] for number in find_references(text) & targets.keys()}
    has_marks = ">" in text or "＞" in text or "﹥" in text or "≫" in text
    html = _render_inline(text, targets if has_marks else {})
    if has_marks:
        html = _mark_quotes(html, text)
    html = _PARAGRAPHS.sub("</p><p>", f"<p>{html}</p>") if "\n\n" in html else f"<p>{html}</p>"
    if _RIGHT_TO_LEFT.search(text):
        html = "".join(map(_set_direction, html.split("<p>")))
    return html.replace("\n", "<br>")


def is_rendered(html):
    """Whether HTML has no other tags than ``render_text`` writes."""
    rest = _TAG.sub("", html)
    return "<" not in rest and ">" not in rest


def build_place_path(pk):
    """Return a path to a comment that works on every page. Scripts use its fragment alone on the
    comment's own page."""
    return f"/comments/{pk}/thread/#comment-{pk}"


def keep_spaces(html):
    """Return rendered HTML with its indents and runs of spaces as no-break spaces and tabs as four,
    for readers that have no style sheet."""
    return _COLLAPSING.sub("\u00a0", html.replace("\t", "    "))


def _set_direction(html):
    """Open a paragraph again, with its direction."""
    start = '<p dir="auto">' if _RIGHT_TO_LEFT.search(html) else "<p>"
    return f"{start}{html}" if html else ""


def _mark_quotes(html, text):
    """Mark the lines of the HTML that are quotes in the text."""
    lines = html.split("\n")
    for place, line in enumerate(text.split("\n")):
        if line.startswith(_QUOTE_MARKS) and not ANCHOR.match(line):
            lines[place] = f'<span class="quoted">{lines[place]}</span>'
    return "\n".join(lines)


def _render_inline(text, targets):
    parts, position = [], 0
    for link in find_links(text):
        parts.append(_render_anchors(text[position : link.start], targets))
        shown, url = escape(text[link.start : link.end]), escape(link.url)
        parts.append(f'<a href="{url}" rel="nofollow ugc noopener">{shown}</a>')
        position = link.end
    parts.append(_render_anchors(text[position:], targets))
    return "".join(parts)


def _render_anchors(text, targets):
    """Return the HTML of a text without links. Each number of an anchor that exists is a link; the
    first one's begins with the marks."""
    if not targets:
        return escape(text)
    parts, position = [], 0
    for anchor in ANCHOR.finditer(text):
        for number in NUMBER.finditer(text, anchor.start(), anchor.end()):
            is_first = position <= anchor.start()
            start = anchor.start() if is_first else number.start()
            parts.append(escape(text[position:start]))
            position = number.end()
            shown, pk = escape(text[start:position]), targets.get(int(number[0]))
            parts.append(_render_reference(shown, pk) if pk else shown)
    return "".join([*parts, escape(text[position:])])


def _render_reference(html, pk):
    return f'<a class="reference" href="{build_place_path(pk)}">{html}</a>'
