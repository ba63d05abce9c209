"""The walk from a tree of WordPress's HTML to the blocks of an article."""

from html import escape
from os.path import basename

from django.utils.translation import gettext as _

from articles.body.embeds import find_embed
from articles.body.foreign import find_player_page
from articles.body.stored import NOTE
from articles.web.paging import read_integer
from newsroom.importing.dom import Node
from newsroom.importing.old_urls import read_path
from newsroom.wordpress.markup.document import (
    BREAK,
    URL,
    Block,
    Flow,
    Mark,
    Paragraph,
    Picture,
    Run,
    serialize_anchor,
    serialize_blocks,
    serialize_cell,
    serialize_inline,
    split_phrasing,
)
from newsroom.wordpress.markup.galleries import is_gallery
from newsroom.wordpress.markup.inline_pieces import build_piece
from newsroom.wordpress.markup.jump_targets import build_anchor, read_anchor
from newsroom.wordpress.markup.numbering import serialize_numbering, serialize_value
from newsroom.wordpress.markup.preformatted import has_links, is_prose, mark_lines
from newsroom.wordpress.markup.tables import convert_table
from newsroom.wordpress.wxr.vocabulary import OF_LIBRARY

MARKS = {
    **dict.fromkeys(("strong", "b"), "strong"),
    **dict.fromkeys(("em", "i", "dfn", "var"), "em"),
    **dict.fromkeys(("s", "strike", "del"), "s"),
    **dict.fromkeys(("code", "kbd", "samp", "tt"), "code"),
    **{tag: tag for tag in ("cite", "sub", "sup")},
}
INLINE = {"abbr", "big", "font", "ins", "label", "mark", "small", "span", "time", "u"}
IGNORED = {"param", "rp", "source", "track", "wbr"}  # the style sheet lets long words break
HEADINGS = {"h1": "h2", "h2": "h2", "h3": "h3", "h4": "h4", "h5": "h4", "h6": "h4"}
PLAYERS = {"iframe", "embed", "object", "video", "audio"}
PICTURE_ENDINGS = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif", ".bmp", ".svg")
UNWANTED_CLASSES = {
    *("wp-block-file__button", "screen-reader-text", "sharedaddy", "katex-html"),
    OF_LIBRARY,
}
SMILEYS = {"wp-smiley", "emoji"}


class Conversion:
    """Converts nodes to blocks; asks its context about images and links."""

    def __init__(self, context):
        self._context = context

    def convert(self, children, marks=()):
        """Return the blocks of some nodes and strings."""
        flow = Flow()
        self._walk(children, flow, marks)
        return self._finish(flow)

    def _finish(self, flow):
        return [self._link_address(block) for block in flow.finish()]

    def _walk(self, children, flow, marks):
        for child in children:
            if isinstance(child, str):
                flow.add_text(child, marks)
            elif UNWANTED_CLASSES.isdisjoint(child.classes) and not _is_icon(child):
                self._convert_node(child, flow, marks)

    def _convert_node(self, node, flow, marks):
        tag = node.tag
        if tag in IGNORED:
            return
        if (anchor := read_anchor(node)) and tag not in HEADINGS:
            flow.add_anchor(anchor)
        if tag in MARKS:
            self._walk(node.children, flow, _add_mark(marks, Mark(MARKS[tag])))
        elif tag in INLINE:
            self._walk(node.children, flow, marks)
        elif tag in PLAYERS:
            self._convert_player(node, flow)
        elif tag in HEADINGS:
            self._convert_heading(node, flow)
        elif convert := getattr(self, f"_convert_{tag}", None):
            convert(node, flow, marks)
        else:
            self._walk_block(node.children, flow, marks)

    def _walk_block(self, children, flow, marks):
        flow.end_paragraph()
        self._walk(children, flow, marks)
        flow.end_paragraph()

    def _convert_a(self, node, flow, marks):
        href = node.get("href").strip()
        if href.startswith("ftp:"):
            self._context.remark(_("link to a file server: its address remains as text"))
            text = _fold_spaces(node.text)
            flow.add_text(href if text in href else f"{text} ({href})", marks)
            return
        if href.startswith("#"):
            marks = self._add_jump(href, marks)
        elif href and not any(mark.tag == "a" for mark in marks):
            target = self._context.find_target(href)
            if not target and self._context.is_own_file(href):
                self._context.remark(_("file not in the media library: the link is as it was"))
            title = "" if target else _fold_spaces(node.get("title"))
            marks = _add_mark(marks, Mark("a", target.href if target else href, title))
        self._walk(node.children, flow, marks)

    def _add_jump(self, href, marks):
        """Return the marks with a link to a footnote or to a place in the same text."""
        note = self._context.notes.get(href[1:])
        target = f"note-{note}" if note else build_anchor(href[1:])
        is_here = note or target in self._context.anchors
        if href == "#":
            self._context.remark(_("link that leads nowhere: only its words remain"))
        elif not is_here:
            self._context.remark(_("link to a place that the text lacks: only its words remain"))
        return _add_mark(marks, Mark("a", f"#{target}")) if is_here else marks

    def _convert_br(self, node, flow, marks):
        flow.break_line()

    def _convert_hr(self, node, flow, marks):
        flow.add(Block("hr", "<hr>"))

    def _convert_q(self, node, flow, marks):
        self._walk(["“", *node.children, "”"], flow, marks)

    def _convert_rt(self, node, flow, marks):
        """Convert a reading outside of any ruby."""
        flow.add_text(f"（{_fold_spaces(node.text)}）", marks)

    def _convert_ruby(self, node, flow, marks):
        if text := _fold_spaces(node.text):
            flow.add_piece(build_piece(node), text, marks)

    _convert_math = _convert_ruby

    def _convert_summary(self, node, flow, marks):
        self._walk_block(node.children, flow, _add_mark(marks, Mark("strong")))

    def _convert_heading(self, node, flow):
        tag = HEADINGS[node.tag]
        blocks = self.convert(node.children)
        inside = (block.anchor for block in blocks if isinstance(block, Paragraph))
        flow.end_paragraph()
        anchor = read_anchor(node) or flow.take_anchor() or next(filter(None, inside), "")
        runs, others = split_phrasing(blocks)
        if runs:
            attribute = serialize_anchor(anchor)
            flow.add(Block(tag, f"<{tag}{attribute}>{serialize_inline(runs)}</{tag}>"))
        flow.add(*others)

    def _convert_pre(self, node, flow, marks):
        if is_prose(node):
            self._walk_block(mark_lines(node), flow, marks)
            return
        if has_links(node):
            self._context.remark(_("link in program text: only its words remain"))
        html = escape(node.text.strip("\n"), quote=False)
        if html.strip():
            flow.add(Block("pre", f"<pre><code>{html}</code></pre>"))

    def _convert_blockquote(self, node, flow, marks):
        inner = Flow()
        for child in node.children:
            if isinstance(child, Node) and child.tag == "cite":
                inner.end_paragraph()
            self._walk([child], inner, ())
        blocks = self._finish(inner)
        if blocks:
            html = f"<blockquote>{serialize_blocks(blocks)}</blockquote>"
            flow.add(Block("blockquote", html))

    def _convert_ul(self, node, flow, marks):
        if is_gallery(node):
            for child in node.children:
                self._walk(child.children if isinstance(child, Node) else (), flow, marks)
                flow.end_paragraph()
            return
        items, notes = [], []
        for child in node.children:
            is_item = isinstance(child, Node) and child.tag == "li"
            blocks = self.convert(child.children if is_item else [child])
            if is_item and blocks and isinstance(blocks[0], Paragraph):
                blocks[0].anchor = blocks[0].anchor or read_anchor(child)
            if blocks and (is_item or not items):
                items.append(blocks)
                note = child.get("id") if is_item and NOTE.fullmatch(child.get("id")) else ""
                notes.append(serialize_anchor(note) + serialize_value(child))
            elif blocks:
                items[-1] += blocks
        if items:
            inner = "".join(
                f"<li{note}>{serialize_cell(blocks)}</li>"
                for note, blocks in zip(notes, items, strict=True)
            )
            numbering = serialize_numbering(node)
            flow.add(Block(node.tag, f"<{node.tag}{numbering}>{inner}</{node.tag}>"))

    _convert_ol = _convert_ul

    def _convert_li(self, node, flow, marks):
        """Make a list of an item outside any list."""
        self._convert_ul(Node("ul", children=[node]), flow, marks)

    def _convert_dl(self, node, flow, marks):
        nodes = (part for part in node.walk() if part.tag in {"dt", "dd"})
        parts = [(part.tag, self.convert(part.children)) for part in nodes]
        parts = [(tag, blocks) for tag, blocks in parts if blocks]
        is_whole = parts and parts[0][0] == "dt" and parts[-1][0] == "dd"
        if not is_whole or node.find("dl"):
            for _tag, blocks in parts:
                flow.add(*blocks)
            return
        inner = []
        for tag, blocks in parts:
            runs, _others = split_phrasing(blocks)
            html = serialize_inline(runs) if tag == "dt" else serialize_cell(blocks)
            inner.append(f"<{tag}>{html}</{tag}>")
        flow.add(Block("dl", f"<dl>{''.join(inner)}</dl>"))

    def _convert_table(self, node, flow, marks, caption=()):
        own = node.find("caption")
        runs = caption or (split_phrasing(self.convert(own.children))[0] if own else ())
        html = convert_table(node, self.convert, serialize_inline(runs))
        if html:
            flow.add(Block("table", html))

    def _convert_figure(self, node, flow, marks):
        captions = node.select("figcaption")
        others = [child for child in node.children if child not in captions]
        runs, extra = split_phrasing(
            [block for caption in captions for block in self.convert(caption.children)]
        )
        flow.end_paragraph()
        table = node.find("table")
        if table is not None and runs and not node.find("img"):
            self._convert_table(table, flow, marks, runs)
            return
        before = len(flow.blocks)
        self._walk_block(others, flow, marks)
        pictures = [block for block in flow.blocks[before:] if isinstance(block, Picture)]
        added = flow.blocks[before:]
        if len(pictures) == 1 and not pictures[0].caption:
            pictures[0].caption = runs
        elif runs and len(added) == 1 and node.find("audio", "video") and _is_link(added[0]):
            link = added[0].runs[0].marks
            added[0].runs = [Run(_join_text(runs), link)]
        elif runs:
            flow.add(Paragraph(runs))
        flow.add(*extra)

    def _convert_img(self, node, flow, marks):
        alt = _fold_spaces(node.get("alt"))
        if not SMILEYS.isdisjoint(node.classes):
            flow.add_text(alt, marks)
            return
        if node.get("width") == "1" and node.get("height") == "1":
            return
        src = node.get("src")
        if not src.startswith("http"):
            src = node.get("data-src") or node.get("data-lazy-src") or src
        link = next((mark.href for mark in marks if mark.tag == "a"), "")
        file_id = self._context.find_picture(_read_old_id(node), src)
        if file_id:
            flow.add(Picture(file_id, alt, "" if self._shows_picture(link) else link))
            return
        self._context.remark(_("image not in the media library: replaced with a link"))
        href = link or src
        if href and not href.startswith("data:"):
            flow.add(_build_link(alt or basename(read_path(href)) or href, href))
        else:
            flow.add_text(alt, marks)

    def _shows_picture(self, href):
        path = read_path(href).lower()
        return path.endswith(PICTURE_ENDINGS) or self._context.is_media_page(href)

    def _convert_player(self, node, flow):
        """Convert embedded media to a link."""
        below = list(node.walk())
        sources = [node, *(child for child in below if child.tag in {"source", "embed"})]
        urls = [source.get(name) for source in sources for name in ("src", "data", "data-src")]
        urls += [child.get("value") for child in below if child.get("name") in {"movie", "src"}]
        url = next((url for url in urls if url.startswith(("http", "//", "/"))), "")
        if url:
            url = find_player_page(f"https:{url}" if url.startswith("//") else url)
            target = self._context.find_target(url)
            href, words = (target.href, target.words) if target else (url, "")
            title = "" if find_embed(url) else _fold_spaces(node.get("title"))
            flow.add(_build_link(title or words or url, href))
        else:
            flow.end_paragraph()
            self._walk(node.children, flow, ())

    def _link_address(self, block):
        """Make a link of a paragraph that is nothing but an address."""
        if not isinstance(block, Paragraph) or len(block.runs) != 1:
            return block
        run = block.runs[0]
        bare = not run.marks or run.marks == (Mark("a", run.text),)
        if not bare or not URL.fullmatch(run.text):
            return block
        target = self._context.find_target(run.text)
        text = target.words if target and target.words else run.text
        return _build_link(text, target.href if target else run.text)


def _add_mark(marks, mark):
    return marks if any(mark.tag == other.tag for other in marks) else (*marks, mark)


def _build_link(text, href):
    return Paragraph([Run(text, (Mark("a", href),))])


def _is_icon(node):
    """Whether a node is a sign that says nothing by itself, such as the plus of an accordion."""
    return node.get("aria-hidden") == "true" and len(node.text.strip()) <= 1


def _is_link(block):
    return isinstance(block, Paragraph) and len(block.runs) == 1 and bool(block.runs[0].marks)


def _join_text(runs):
    return " ".join(run.text for run in runs if run is not BREAK)


def _fold_spaces(text):
    return " ".join(text.split())


def _read_old_id(node):
    prefix = "wp-image-"
    names = [name.removeprefix(prefix) for name in node.classes if name.startswith(prefix)]
    numbers = map(read_integer, (*names, node.get("data-id")))
    return next((number for number in numbers if number is not None), 0)
