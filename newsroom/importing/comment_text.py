"""A comment's HTML as the plain text of comments here."""

import re

import nh3
from django.utils.text import normalize_newlines

from articles.web.html import remove_unprintable
from newsroom.importing.character_references import unescape_references
from newsroom.importing.dom import parse_tree

PARAGRAPHS = {
    *("p", "div", "blockquote", "pre", "ul", "ol", "dl", "table", "figure", "section"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "address"),
}
LINES = {"li", "tr", "dt", "dd", "figcaption"}
BREAKS = {"br": "\n", "hr": "\n\n"}
BLOCK = re.compile(r"<(?:p|br|div|pre|blockquote|[uo]l|h[1-6])\b", re.IGNORECASE)
PRE = re.compile(r"(</?pre\b[^<>]*+>)", re.IGNORECASE)
SPACE = re.compile(r"\s++")
AFTER_BREAK = re.compile(r"(<br\b[^<>]*+>) ", re.IGNORECASE)
NEWLINES = re.compile(r"\n(?:[ \t]*+\n)*+")
BLANK_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*){2,}")

_CLEANER = nh3.Cleaner(
    tags=PARAGRAPHS | LINES | {*BREAKS, "a", "img", "td", "th", "tbody"},
    attributes={"a": {"href"}, "img": {"src", "alt"}},
    url_schemes={"http", "https", "mailto"},
    link_rel=None,
)


def convert_comment(html):
    """Return the text: links as their addresses, quotes as lines that begin with ``>``, lists with
    dashes or numbers. Indents that a page shows stay."""
    html = remove_unprintable(normalize_newlines(html))
    if "<" not in html:
        return remove_unprintable(unescape_references(html)).strip("\n")
    text = "".join(_convert_children(parse_tree(html, _CLEANER), []))
    return BLANK_LINES.sub("\n\n", text).strip(" \t\n")


def convert_shown_comment(html):
    """Return the text of HTML as a page shows it: a newline in it is white space, but in code.

    In a text without any block or break it is a line break.
    """
    if not BLOCK.search(html):
        return convert_comment(html)
    pieces = PRE.split(normalize_newlines(html))
    for place in range(0, len(pieces), 2):
        if place == 0 or not pieces[place - 1].lower().startswith("<pre"):
            text = SPACE.sub(lambda space: " " if "\n" in space[0] else space[0], pieces[place])
            pieces[place] = AFTER_BREAK.sub(r"\1", text)
    return convert_comment("".join(pieces))


def _convert_children(node, pieces):
    """Append the text below a node to ``pieces``, none of them empty, and return them."""
    number = 0
    for child in node.children:
        if isinstance(child, str):
            # A newline after <br> is the same break.
            text = child.removeprefix("\n") if pieces[-1:] == ["\n"] else child
            pieces += filter(None, [text])
        elif child.tag in BREAKS:
            pieces.append(BREAKS[child.tag])
        elif child.tag == "img":
            pieces += filter(None, [child.get("src") or child.get("alt")])
        elif child.tag == "a":
            start = len(pieces)
            _convert_children(child, pieces)
            pieces[start:] = _convert_link(child.get("href"), pieces[start:])
        elif child.tag == "blockquote":
            pieces.append(_quote("".join(_convert_children(child, []))))
        elif child.tag in PARAGRAPHS:
            pieces.append("\n\n")
            _convert_children(child, pieces).append("\n\n")
        else:
            if child.tag in LINES and pieces and not pieces[-1].endswith("\n"):
                pieces.append("\n")
            if child.tag == "li":
                number += 1
                mark = f"{number}. " if node.tag == "ol" else "- "
                pieces.append(mark + _convert_item(child))
                continue
            _convert_children(child, pieces)
            if child.tag in {"td", "th"}:
                pieces.append(" ")
    return pieces


def _convert_item(node):
    """Return the text of an item of a list; what is not on its first line is indented."""
    return NEWLINES.sub("\n  ", "".join(_convert_children(node, [])).strip())


def _convert_link(href, pieces):
    """Return the address beside the text of a link, or alone if the text is the same."""
    label = "".join(pieces).strip()
    bare = href.removeprefix("mailto:").rstrip("/")
    if not href:
        return pieces
    if label.rstrip("/") in {"", bare, bare.partition("://")[2]} or label.endswith("…"):
        return [href]
    if label.endswith("...") and bare.partition("://")[2].startswith(_drop_scheme(label[:-3])):
        return [href]
    return pieces if href in label else [*pieces, f" ( {href} )"]


def _drop_scheme(label):
    """Return an address as links show it, without what stands before the host."""
    return label.removeprefix("https://").removeprefix("http://")


def _quote(text):
    lines = [f"> {line}".rstrip() for line in text.strip().split("\n") if line.strip()]
    return "\n\n" + "\n".join(lines) + "\n\n"
