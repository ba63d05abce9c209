"""Blocks of the block editor become the HTML that they hold.

A block is HTML between ``<!-- wp:name {json} -->`` and ``<!-- /wp:name -->``. WordPress computes
the content of some blocks (newest articles, calendar, comments …) for each page: they are left
out.
"""

import json
import re
from html import escape

from django.utils.translation import gettext as _

from newsroom.wordpress.markup.autop import mark_newlines

DELIMITER = re.compile(
    r"<!--\s++(/)?wp:((?:[a-z][a-z0-9_-]*+/)?[a-z][a-z0-9_-]*+)"
    r"\s++((?:[^</-]++|<(?!!--)|/(?!-->)|-(?!->))*+)(/)?-->"
)
LIVE = re.compile(
    r"archives|avatar|calendar|categories|home-link|latest-(?:comments|posts)|legacy-widget"
    r"|loginout|navigation.*|page-list.*|pattern|post-.*|query.*|read-more|rss|search|site-.*"
    r"|social-links?|table-of-contents|tag-cloud|template-part|term-.*|widget-group|comments?"
    r"|comments?-.*"
)
SILENT = {"more", "nextpage", "spacer"}
DEEPEST_REUSE = 3


def has_blocks(content):
    return "<!-- wp:" in content


def unwrap_blocks(content, context, depth=0):
    """Return the HTML inside the blocks; newlines outside them are marked as by ``autop``."""
    return _BlockReader(context, depth).read(content)


class _BlockReader:
    def __init__(self, context, depth):
        self._context = context
        self._depth = depth
        self._pieces = [[]]
        self._open = []

    def read(self, content):
        position = 0
        for match in DELIMITER.finditer(content):
            self._add(content[position : match.start()])
            position = match.end()
            closes, name, attributes, is_empty = match.groups()
            name = name.removeprefix("core/")
            if closes:
                self._close(name)
                continue
            self._open.append((name, _parse_json(attributes, dict)))
            self._pieces.append([])
            if is_empty:
                self._close(name)
        self._add(content[position:])
        while self._open:
            self._close(self._open[-1][0])
        return "".join(self._pieces[0])

    def _add(self, html):
        is_classic = not self._open or self._open[-1][0] in {"shortcode", "freeform"}
        self._pieces[-1].append(mark_newlines(html) if is_classic else html)

    def _close(self, name):
        if name not in (opened for opened, _attributes in self._open):
            return
        while self._open:
            opened, attributes = self._open.pop()
            inner = "".join(self._pieces.pop())
            self._pieces[-1].append(self._convert(opened, attributes, inner))
            if opened == name:
                return

    def _convert(self, name, attributes, inner):
        if name in SILENT:
            return ""
        if name == "footnotes":
            return _convert_footnotes(self._context)
        if name == "block":
            return self._find_reusable(attributes)
        if LIVE.fullmatch(name) or not inner.strip():
            is_inside = any(LIVE.fullmatch(above) for above, _attributes in self._open)
            if name not in {"paragraph", "shortcode"} and not is_inside:
                self._context.remark(_("block “%s” skipped") % name)
            return ""
        if name == "cover":
            return _convert_background(attributes, inner) + inner
        return inner

    def _find_reusable(self, attributes):
        ref = attributes.get("ref")
        content = self._context.find_reusable(ref) if isinstance(ref, int) else ""
        if not content or self._depth >= DEEPEST_REUSE:
            self._context.remark(_("reusable block skipped: not in the export"))
            return ""
        return unwrap_blocks(content, self._context, self._depth + 1)


def _parse_json(text, kind):
    """Return the dict or list that a text holds, empty for anything else."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return kind()
    return value if isinstance(value, kind) else kind()


def _convert_background(attributes, inner):
    """Return the background image of a cover whose HTML does not hold it."""
    url = attributes.get("url")
    is_video = attributes.get("backgroundType") == "video"
    if not isinstance(url, str) or is_video or re.search(r"<(?:img|video)\b", inner):
        return ""
    old_id = attributes.get("id")
    mark = f' class="wp-image-{old_id}"' if isinstance(old_id, int) else ""
    return f'<figure><img{mark} src="{escape(url)}" alt=""></figure>'


def number_footnotes(context):
    """Give each footnote of the block editor its number, and note it in the context."""
    for note in _list_footnotes(context.footnotes):
        context.notes.setdefault(str(note.get("id", "")), len(context.notes) + 1)


def _list_footnotes(text):
    notes = [note for note in _parse_json(text, list) if isinstance(note, dict)]
    return [note for note in notes if isinstance(note.get("content"), str)]


def _convert_footnotes(context):
    items = "".join(
        f'<li id="note-{context.notes.get(str(note.get("id", "")), 0)}">{note["content"]}</li>'
        for note in _list_footnotes(context.footnotes)
    )
    return f"<ol>{items}</ol>" if items else ""
