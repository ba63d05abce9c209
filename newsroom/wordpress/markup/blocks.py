"""The block editor's delimiters: taken away, with the blocks that hold nothing of their own.

A block is HTML between ``<!-- wp:name {json} -->`` and ``<!-- /wp:name -->``; what a block would
have computed when shown (newest articles, calendar, comments …) is nowhere in it and is left out.
"""

import json
import re
from html import escape

from django.utils.translation import gettext as _

from newsroom.wordpress.markup.autop import with_marked_newlines

DELIMITER = re.compile(
    r"<!--\s+(/)?wp:((?:[a-z][a-z0-9_-]*/)?[a-z][a-z0-9_-]*)\s+(.*?)(/)?-->", re.DOTALL
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


def without_blocks(content, surroundings, depth=0):
    """Return the HTML that a content of blocks holds, newlines of classic parts marked."""
    return _Blocks(surroundings, depth).html(content)


class _Blocks:
    def __init__(self, surroundings, depth):
        self._surroundings = surroundings
        self._depth = depth
        self._pieces = [[]]
        self._open = []

    def html(self, content):
        position = 0
        for match in DELIMITER.finditer(content):
            self._add(content[position : match.start()])
            position = match.end()
            closes, name, attributes, is_empty = match.groups()
            name = name.removeprefix("core/")
            if closes:
                self._close(name)
                continue
            self._open.append((name, _attributes(attributes)))
            self._pieces.append([])
            if is_empty:
                self._close(name)
        self._add(content[position:])
        while self._open:
            self._close(self._open[-1][0])
        return "".join(self._pieces[0])

    def _add(self, html):
        is_classic = not self._open or self._open[-1][0] in {"shortcode", "freeform"}
        self._pieces[-1].append(with_marked_newlines(html) if is_classic else html)

    def _close(self, name):
        if name not in (opened for opened, _attributes in self._open):
            return
        while self._open:
            opened, attributes = self._open.pop()
            inner = "".join(self._pieces.pop())
            self._pieces[-1].append(self._rendered(opened, attributes, inner))
            if opened == name:
                return

    def _rendered(self, name, attributes, inner):
        if name in SILENT:
            return ""
        if name == "footnotes":
            return _footnotes(self._surroundings.footnotes)
        if name == "block":
            return self._reused(attributes)
        if LIVE.fullmatch(name) or not inner.strip():
            is_inside = any(LIVE.fullmatch(above) for above, _attributes in self._open)
            if name not in {"paragraph", "shortcode"} and not is_inside:
                self._surroundings.remark(_("block “%s” left out") % name)
            return ""
        if name == "cover":
            return _background(attributes, inner) + inner
        return inner

    def _reused(self, attributes):
        ref = attributes.get("ref")
        content = self._surroundings.reusable(ref) if isinstance(ref, int) else ""
        if not content or self._depth >= DEEPEST_REUSE:
            self._surroundings.remark(_("reusable block left out, it is not in the export"))
            return ""
        return without_blocks(content, self._surroundings, self._depth + 1)


def _attributes(text):
    try:
        found = json.loads(text) if text.strip() else {}
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _background(attributes, inner):
    """Return the image that a cover has as its background, where it is not in its HTML."""
    url = attributes.get("url")
    is_video = attributes.get("backgroundType") == "video"
    if not isinstance(url, str) or is_video or re.search(r"<(?:img|video)\b", inner):
        return ""
    old_id = attributes.get("id")
    mark = f' class="wp-image-{old_id}"' if isinstance(old_id, int) else ""
    return f'<figure><img{mark} src="{escape(url)}" alt=""></figure>'


def _footnotes(text):
    try:
        notes = json.loads(text) if text else []
    except (ValueError, RecursionError):
        notes = []
    items = [
        f"<li>{note['content']}</li>"
        for note in (notes if isinstance(notes, list) else [])
        if isinstance(note, dict) and isinstance(note.get("content"), str)
    ]
    return f"<ol>{''.join(items)}</ol>" if items else ""
