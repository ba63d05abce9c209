"""A WordPress comment's HTML as the plain text that comments here are written in."""

import re
from html.parser import HTMLParser

import nh3

PARAGRAPHS = {
    *("p", "div", "blockquote", "pre", "ul", "ol", "dl", "table", "hr", "figure", "section"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "address"),
}
LINES = {"li", "tr", "dt", "dd", "figcaption"}
BLANK_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*){2,}")

_NORMALISER = nh3.Cleaner(
    tags=PARAGRAPHS | LINES | {"a", "br", "img", "td", "th", "tbody"},
    attributes={"a": {"href"}, "img": {"src", "alt"}},
    url_schemes={"http", "https", "mailto"},
    link_rel=None,
)


def comment_text(html):
    """Return the text: links as their addresses, quotes as lines that begin with ``>``."""
    html = html.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    if "<" not in html and "&" not in html:
        return html.strip()
    reader = _TextReader()
    reader.feed(_NORMALISER.clean(html))
    reader.close()
    return BLANK_LINES.sub("\n\n", reader.text()).strip()


class _TextReader(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self._levels = [[]]
        self._links = []

    def text(self):
        while len(self._levels) > 1:
            self._end_quote()
        return "".join(self._levels[0])

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if tag == "br":
            # The browser's own break; a newline that follows it in the text is the same one.
            self._add("\n")
        elif tag == "img":
            self._add(attributes.get("src") or attributes.get("alt") or "")
        elif tag == "a":
            self._links.append((attributes.get("href") or "", len(self._levels[-1])))
        elif tag == "blockquote":
            self._levels.append([])
        elif tag in PARAGRAPHS:
            self._add("\n\n")
        elif tag in LINES:
            self._new_line()

    def handle_endtag(self, tag):
        if tag == "a" and self._links:
            self._end_link()
        elif tag == "blockquote" and len(self._levels) > 1:
            self._end_quote()
        elif tag in PARAGRAPHS and tag != "blockquote":
            self._add("\n\n")
        elif tag in {"td", "th"}:
            self._add(" ")

    def handle_data(self, data):
        pieces = self._levels[-1]
        if pieces and pieces[-1] == "\n" and data.startswith("\n"):
            data = data[1:]
        self._add(data)

    def _add(self, text):
        if text:
            self._levels[-1].append(text)

    def _new_line(self):
        pieces = self._levels[-1]
        if pieces and not pieces[-1].endswith("\n"):
            self._add("\n")

    def _end_link(self):
        """Write the address beside the text of a link, or alone where the text is the same."""
        href, start = self._links.pop()
        pieces = self._levels[-1]
        if not href or start > len(pieces):
            return
        label = "".join(pieces[start:]).strip()
        bare = href.removeprefix("mailto:").rstrip("/")
        if label.rstrip("/") in {"", bare, bare.partition("://")[2]} or label.endswith("…"):
            pieces[start:] = [href]
        elif href not in label:
            pieces.append(f" ( {href} )")

    def _end_quote(self):
        quoted = "".join(self._levels.pop()).strip()
        lines = [f"> {line}".rstrip() for line in quoted.split("\n") if line.strip()]
        self._add("\n\n" + "\n".join(lines) + "\n\n")
