"""Parses any HTML into a small, well-nested tree."""

from html.parser import HTMLParser

import nh3

from articles.body import formulas
from articles.body.inline_styles import resolve_styles
from articles.web.html import parse_html, remove_unprintable, serialize_html

# Breaks that pass through the parser as text.
LINE_BREAK = "\u2028"
PARAGRAPH_BREAK = "\u2029"

# The elements that the conversion reads. Others are dropped, their text is not.
TAGS = {
    *("article", "aside", "section", "header", "footer", "main", "nav", "div", "address", "center"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "p", "br", "wbr", "hr", "pre", "blockquote", "details"),
    *("summary", "fieldset", "legend", "ul", "ol", "li", "dl", "dt", "dd", "figure", "figcaption"),
    *("table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "picture", "img", "iframe"),
    *("embed", "object", "param", "audio", "video", "source", "track", "button", "label", "a"),
    *("abbr", "b", "big", "cite", "code", "del", "dfn", "em", "font", "i", "ins", "kbd", "mark"),
    *("q", "ruby", "rb", "rp", "rt", "s", "samp", "small", "span", "strike", "strong", "sub"),
    *("sup", "time", "tt", "u", "var", *formulas.ELEMENTS),
}
VOID = {"br", "embed", "hr", "img", "param", "source", "track", "wbr"}
ATTRIBUTES = {
    "*": {"class", "style", "id", "aria-hidden"},
    "a": {"href", "title", "name"},
    "img": {"src", "alt", "width", "height", "data-id", "data-src", "data-lazy-src"},
    "iframe": {"src", "data-src", "title"},
    "embed": {"src"},
    "object": {"data"},
    "param": {"name", "value"},
    "video": {"src"},
    "audio": {"src"},
    "source": {"src"},
    "ol": {"start", "type", "reversed"},
    "li": {"value"},
    **dict.fromkeys(("td", "th"), {"colspan", "rowspan", "align"}),
    "tr": {"align"},
    **dict.fromkeys(formulas.ELEMENTS, formulas.ATTRIBUTES),
}
DEEPEST = 60

_CLEANER = nh3.Cleaner(
    tags=TAGS,
    attributes=ATTRIBUTES,
    clean_content_tags={
        *("script", "style", "template", "noscript", "select", "textarea", "svg"),
        *formulas.DROPPED,
    },
    url_schemes={"http", "https", "mailto", "tel", "data", "ftp"},
    link_rel=None,
)


class Node:
    """An element; ``children`` are nodes and strings."""

    __slots__ = ("tag", "attributes", "children")

    def __init__(self, tag, attributes=(), children=()):
        self.tag = tag
        self.attributes = dict(attributes)
        self.children = list(children)

    @property
    def classes(self):
        return self.get("class").split()

    @property
    def text(self):
        """All text below, a newline for ``<br>``."""
        if self.tag == "br":
            return "\n"
        text = "".join(child if isinstance(child, str) else child.text for child in self.children)
        return text.replace(LINE_BREAK, "\n").replace(PARAGRAPH_BREAK, "\n\n")

    def get(self, name):
        """Return an attribute, or an empty string."""
        return self.attributes.get(name, "")

    def select(self, *tags):
        """Return the children that are elements with one of the tags."""
        return [child for child in self.children if isinstance(child, Node) and child.tag in tags]

    def walk(self):
        """Yield every node below this one, in order."""
        pending = list(reversed(self.children))
        while pending:
            node = pending.pop()
            if isinstance(node, Node):
                yield node
                pending.extend(reversed(node.children))

    def find(self, *tags):
        """Return the first node below with one of the tags, or None."""
        return next((node for node in self.walk() if node.tag in tags), None)


def parse_tree(html, cleaner=_CLEANER):
    """Return a node that holds the content of some HTML. Never raises.

    Elements more than 60 deep are dropped, their text is not.
    """
    builder = _Builder()
    builder.feed(_resolve(cleaner.clean(remove_unprintable(html))))
    builder.close()
    return builder.root


def _resolve(html):
    """Return HTML in which elements say what style attributes say."""
    if " style=" not in html:
        return html
    root = parse_html(html)
    resolve_styles(root)
    return serialize_html(root)


class _Builder(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.root = Node("div")
        self._path = [self.root]
        self._too_deep = 0
        self._in_frame = False  # the content of an iframe is text that may look like HTML

    def handle_starttag(self, tag, attrs):
        if self._in_frame:
            return
        if tag == "iframe":
            self._in_frame = True
        elif len(self._path) >= DEEPEST and tag not in VOID:
            self._too_deep += 1
            return
        node = Node(tag, ((name, value or "") for name, value in attrs))
        self._path[-1].children.append(node)
        if tag not in VOID and tag != "iframe":
            self._path.append(node)

    def handle_endtag(self, tag):
        if tag == "iframe":
            self._in_frame = False
        elif tag in VOID or self._in_frame:
            return
        elif self._too_deep:
            self._too_deep -= 1
        elif len(self._path) > 1:
            self._path.pop()

    def handle_data(self, data):
        if self._in_frame:
            return
        children = self._path[-1].children
        if children and isinstance(children[-1], str):
            children[-1] += data
        else:
            children.append(data)
