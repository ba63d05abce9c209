"""The walk from a tree of WordPress's HTML to blocks."""

from html import escape
from os.path import basename

from django.utils.translation import gettext as _

from newsroom.wordpress.markup.document import (
    URL,
    Block,
    Flow,
    Mark,
    Paragraph,
    Picture,
    Run,
    blocks_html,
    cell_html,
    inline_html,
    phrasing,
)
from newsroom.wordpress.markup.dom import Node
from newsroom.wordpress.markup.tables import table_html
from newsroom.wordpress.old_urls import path_of

MARKS = {
    **dict.fromkeys(("strong", "b"), "strong"),
    **dict.fromkeys(("em", "i", "dfn", "var"), "em"),
    **dict.fromkeys(("s", "strike", "del"), "s"),
    **dict.fromkeys(("code", "kbd", "samp", "tt"), "code"),
    "sub": "sub",
    "sup": "sup",
}
INLINE = {"abbr", "big", "font", "ins", "label", "mark", "rb", "ruby", "small", "span", "time", "u"}
HEADINGS = {"h1": "h2", "h2": "h2", "h3": "h3", "h4": "h4", "h5": "h4", "h6": "h4"}
PLAYERS = {"iframe", "embed", "object", "video", "audio"}
PICTURE_ENDINGS = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif", ".bmp", ".svg")
UNWANTED_CLASSES = {"wp-block-file__button", "screen-reader-text", "sharedaddy"}
GALLERIES = {"blocks-gallery-grid", "wp-block-gallery"}
SMILEYS = {"wp-smiley", "emoji"}


class Conversion:
    """Turns nodes into blocks; asks its surroundings about images and links."""

    def __init__(self, surroundings):
        self._surroundings = surroundings

    def blocks(self, children, marks=()):
        flow = Flow()
        self._walk(children, flow, marks)
        return [self._with_target(block) for block in flow.finished()]

    def _walk(self, children, flow, marks):
        for child in children:
            if isinstance(child, str):
                flow.text(child, marks)
            elif UNWANTED_CLASSES.isdisjoint(child.classes):
                self._node(child, flow, marks)

    def _node(self, node, flow, marks):
        tag = node.tag
        if tag in MARKS:
            self._walk(node.children, flow, _with(marks, Mark(MARKS[tag])))
        elif tag in INLINE:
            self._walk(node.children, flow, marks)
        elif tag in PLAYERS:
            self._player(node, flow)
        elif tag in HEADINGS:
            self._heading(node, flow)
        elif hasattr(self, f"_{tag}"):
            getattr(self, f"_{tag}")(node, flow, marks)
        else:
            flow.end_paragraph()
            self._walk(node.children, flow, marks)
            flow.end_paragraph()

    def _a(self, node, flow, marks):
        href = node.attributes.get("href", "").strip()
        if href and not href.startswith("#") and not any(mark.tag == "a" for mark in marks):
            target = self._surroundings.target(href)
            title = "" if target else " ".join(node.attributes.get("title", "").split())
            marks = _with(marks, Mark("a", target.href if target else href, title))
        self._walk(node.children, flow, marks)

    def _br(self, node, flow, marks):
        flow.line_break()

    def _wbr(self, node, flow, marks):
        """A place where a word may break; the style sheet sees to that."""

    _rp = _param = _source = _track = _wbr

    def _hr(self, node, flow, marks):
        flow.block(Block("hr", "<hr>"))

    def _q(self, node, flow, marks):
        flow.text("“", marks)
        self._walk(node.children, flow, marks)
        flow.text("”", marks)

    def _rt(self, node, flow, marks):
        flow.text(f"（{' '.join(node.text().split())}）", marks)

    def _summary(self, node, flow, marks):
        flow.end_paragraph()
        self._walk(node.children, flow, _with(marks, Mark("strong")))
        flow.end_paragraph()

    def _cite(self, node, flow, marks):
        self._walk(node.children, flow, _with(marks, Mark("cite")))

    def _heading(self, node, flow):
        tag = HEADINGS[node.tag]
        runs, others = phrasing(self.blocks(node.children))
        if runs:
            flow.block(Block(tag, f"<{tag}>{inline_html(runs)}</{tag}>"))
        for block in others:
            flow.block(block)

    def _pre(self, node, flow, marks):
        text = node.text().strip("\n")
        if not text.strip():
            return
        tag = ("<pre><code>", "</code></pre>") if node.find("code") else ("<pre>", "</pre>")
        flow.block(Block("pre", f"{tag[0]}{escape(text, quote=False)}{tag[1]}"))

    def _blockquote(self, node, flow, marks):
        inner = Flow()
        for child in node.children:
            if isinstance(child, Node) and child.tag == "cite":
                inner.end_paragraph()
            self._walk([child], inner, ())
        blocks = [self._with_target(block) for block in inner.finished()]
        if blocks:
            flow.block(Block("blockquote", f"<blockquote>{blocks_html(blocks)}</blockquote>"))

    def _ul(self, node, flow, marks):
        if not GALLERIES.isdisjoint(node.classes):
            for child in node.children:
                self._walk(child.children if isinstance(child, Node) else (), flow, marks)
                flow.end_paragraph()
            return
        items = []
        for child in node.children:
            is_item = isinstance(child, Node) and child.tag == "li"
            blocks = self.blocks(child.children if is_item else [child])
            if not blocks:
                continue
            if is_item or not items:
                items.append(blocks)
            else:
                items[-1] += blocks
        if items:
            inner = "".join(f"<li>{cell_html(blocks)}</li>" for blocks in items)
            flow.block(Block(node.tag, f"<{node.tag}{_numbering(node)}>{inner}</{node.tag}>"))

    _ol = _ul

    def _li(self, node, flow, marks):
        """An item without its list."""
        blocks = self.blocks(node.children)
        if blocks:
            flow.block(Block("ul", f"<ul><li>{cell_html(blocks)}</li></ul>"))

    def _dl(self, node, flow, marks):
        parts = [
            (part.tag, self.blocks(part.children))
            for part in node.walk()
            if part.tag in {"dt", "dd"}
        ]
        parts = [(tag, blocks) for tag, blocks in parts if blocks]
        is_whole = parts and parts[0][0] == "dt" and parts[-1][0] == "dd"
        if not is_whole or node.find("dl"):
            for _tag, blocks in parts:
                for block in blocks:
                    flow.block(block)
            return
        inner = []
        for tag, blocks in parts:
            html = inline_html(phrasing(blocks)[0]) if tag == "dt" else cell_html(blocks)
            inner.append(f"<{tag}>{html}</{tag}>")
        flow.block(Block("dl", f"<dl>{''.join(inner)}</dl>"))

    def _table(self, node, flow, marks, caption=()):
        own = next((part for part in node.walk() if part.tag == "caption"), None)
        runs = caption or (phrasing(self.blocks(own.children))[0] if own else ())
        html = table_html(node, self.blocks, inline_html(runs))
        if html:
            flow.block(Block("table", html))

    def _figure(self, node, flow, marks):
        captions = [
            child
            for child in node.children
            if isinstance(child, Node) and child.tag == "figcaption"
        ]
        others = [child for child in node.children if child not in captions]
        runs, extra = phrasing(
            [block for caption in captions for block in self.blocks(caption.children)]
        )
        table = node.find("table")
        if table is not None and runs and not node.find("img"):
            flow.end_paragraph()
            self._table(table, flow, marks, runs)
            return
        flow.end_paragraph()
        before = len(flow.blocks)
        self._walk(others, flow, marks)
        flow.end_paragraph()
        pictures = [block for block in flow.blocks[before:] if isinstance(block, Picture)]
        if len(pictures) == 1 and not pictures[0].caption:
            pictures[0].caption = runs
        elif runs:
            flow.blocks.append(Paragraph(runs))
        for block in extra:
            flow.block(block)

    def _img(self, node, flow, marks):
        attributes = node.attributes
        alt = " ".join(attributes.get("alt", "").split())
        classes = node.classes
        if not SMILEYS.isdisjoint(classes):
            flow.text(alt, marks)
            return
        if attributes.get("width") == "1" and attributes.get("height") == "1":
            return
        src = attributes.get("src", "")
        if not src.startswith("http"):
            src = attributes.get("data-src") or attributes.get("data-lazy-src") or src
        link = next((mark.href for mark in marks if mark.tag == "a"), "")
        file_id = self._surroundings.picture(_old_id(attributes.get("data-id"), classes), src)
        if file_id:
            flow.block(Picture(file_id, alt, "" if self._shows_picture(link) else link))
            return
        self._surroundings.remark(_("image not in the media library, a link in its place"))
        href = link or src
        if href and not href.startswith("data:"):
            name = alt or basename(path_of(href)) or href
            flow.block(Paragraph([Run(name, (Mark("a", href),))]))
        else:
            flow.text(alt, marks)

    def _shows_picture(self, href):
        path = path_of(href).lower()
        return path.endswith(PICTURE_ENDINGS) or self._surroundings.is_media_page(href)

    def _player(self, node, flow):
        """A link stands for what is played from elsewhere."""
        names = ("src", "data", "data-src")
        sources = [node, *(child for child in node.walk() if child.tag in {"source", "embed"})]
        urls = [part.attributes.get(name, "") for part in sources for name in names]
        urls += [
            child.attributes.get("value", "")
            for child in node.walk()
            if child.attributes.get("name") in {"movie", "src"}
        ]
        url = next((url for url in urls if url.startswith(("http", "//", "/"))), "")
        if url:
            url = f"https:{url}" if url.startswith("//") else url
            title = " ".join(node.attributes.get("title", "").split()) or url
            flow.block(Paragraph([Run(title, (Mark("a", url),))]))
        else:
            flow.end_paragraph()
            self._walk(node.children, flow, ())

    def _with_target(self, block):
        """Make a link of a paragraph that is nothing but an address."""
        if not isinstance(block, Paragraph) or len(block.runs) != 1:
            return block
        run = block.runs[0]
        bare = not run.marks or run.marks == (Mark("a", run.text),)
        if not bare or not URL.fullmatch(run.text):
            return block
        target = self._surroundings.target(run.text)
        href = target.href if target else run.text
        text = target.title if target and target.title else run.text
        return Paragraph([Run(text, (Mark("a", href),))])


def _with(marks, mark):
    return marks if any(mark.tag == other.tag for other in marks) else (*marks, mark)


def _numbering(node):
    if node.tag != "ol":
        return ""
    start = node.attributes.get("start", "")
    kind = node.attributes.get("type", "")
    html = (
        f' start="{int(start)}"' if start.isascii() and start.isdigit() and len(start) < 9 else ""
    )
    return html + (f' type="{kind}"' if kind in {*"aAiI"} else "")


def _old_id(identity, classes):
    names = [name.removeprefix("wp-image-") for name in classes if name.startswith("wp-image-")]
    for number in (*names, identity or ""):
        if number.isascii() and number.isdigit() and len(number) < 19:
            return int(number)
    return 0
