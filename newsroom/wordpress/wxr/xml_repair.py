"""Repairs elements that are not well-formed XML, as real exports contain them.

WordPress writes a commenter's address and some slugs unescaped, database fields hold control
characters and broken UTF-8, and plugins close CDATA sections too early. Repairs change no
newlines, so that line numbers stay right.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from html.entities import html5
from xml.sax.saxutils import escape

from django.utils.translation import gettext as _

from articles.web.html import remove_unprintable
from newsroom.importing.character_references import unescape_references

BAD_REFERENCE = re.compile(
    r"&#(?:0*(?:[0-8]|1[124-9]|2[0-9]|3[01])|[xX]0*(?:[0-8bBcCeEfF]|1[0-9a-fA-F]));"
)
AMPERSAND = re.compile(r"&(?:(#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)?")
XML_NAMES = {"amp", "lt", "gt", "quot", "apos"}

GROUPS = "wp:(?:comment|commentmeta|postmeta|author|category|tag|term|termmeta)"
LEAVES = "title|link|pubDate|guid|description|category|dc:creator|(?:content|excerpt):encoded"
LEAF = re.compile(rf"<(?!{GROUPS}[\s>])({LEAVES}|wp:[A-Za-z_]++)((?:\s[^<>]*+)?)>")
LEAF_END = re.compile(r"(\]\]>\s*+)?</([A-Za-z:_]++)\s*+>")
BEGIN, END = "<![CDATA[", "]]>"
SECTION = re.compile(r"\s*+<!\[CDATA\[")


def repair_element(body):
    """Yield (bytes, descriptions of the repairs) for an element, the gentlest repair first."""
    text, repairs = _remove_bad_characters(body)
    parts = _split_sections(text)
    parts[::2] = [AMPERSAND.sub(_repair_ampersand, part) for part in parts[::2]]
    gentle = "".join(parts)
    if gentle != text:
        repairs.append(_("unescaped & escaped"))
    yield gentle.encode(), repairs
    yield (
        _escape_leaves(text).encode(),
        [*repairs, _("escaped text that broke the markup")],
    )


def _remove_bad_characters(body):
    repairs = []
    try:
        text = body.decode()
    except UnicodeDecodeError:
        text = body.decode(errors="replace")
        repairs.append(_("invalid UTF-8 replaced"))
    clean = BAD_REFERENCE.sub("", remove_unprintable(text))
    if clean != text:
        repairs.append(_("control characters removed"))
    return clean, repairs


def _repair_ampersand(match):
    name = match[1]
    if name and (name in XML_NAMES or name.startswith("#")):
        return match[0]
    if name and f"{name};" in html5:
        return escape(html5[f"{name};"])
    return "&amp;" + match[0][1:]


def _split_sections(text):
    """Return the text between CDATA sections and the sections, by turns."""
    parts, position = [], 0
    while (start := text.find(BEGIN, position)) >= 0 and (end := text.find(END, start)) >= 0:
        parts += [text[position:start], text[start : end + len(END)]]
        position = end + len(END)
    return [*parts, text[position:]]


def _escape_leaves(text):
    """Escape what the elements hold that hold only text."""
    ends = _find_ends(text)
    pieces, position = [], 0
    while match := LEAF.search(text, position):
        name, attributes = match.groups()
        pieces.append(text[position : match.start()])
        position = match.end()
        in_section = SECTION.match(text, position)
        end = in_section and _find_next(ends, (name, True), in_section.end())
        end = end or _find_next(ends, (name, False), position)
        if attributes.endswith("/") or not end:
            pieces.append(match[0])
            continue
        content = text[position : end.start(2) - len("</")]
        attributes = AMPERSAND.sub(_repair_ampersand, attributes)
        pieces.append(f"<{name}{attributes}>{_escape_content(content)}</{name}>")
        position = end.end()
    return "".join([*pieces, text[position:]])


def _find_ends(text):
    """Return the end tags by (name, whether a section ends before them), in order."""
    ends = defaultdict(list)
    for match in LEAF_END.finditer(text):
        ends[match[2], False].append(match)
        if match[1]:
            ends[match[2], True].append(match)
    return ends


def _find_next(ends, key, position):
    """Return the first end tag that begins at a position or after it, or None."""
    found = ends.get(key, [])
    place = bisect_left(found, position, key=lambda match: match.start(2) - len("</"))
    return found[place] if place < len(found) else None


def _escape_content(content):
    section = content.strip()
    if section.startswith(BEGIN) and section.endswith(END):
        # Adjacent sections are one text: this is how ]]> itself is written.
        content = section.removeprefix(BEGIN).removesuffix(END).replace(END + BEGIN, "")
    else:
        content = unescape_references(content.replace(BEGIN, "").replace(END, ""))
    return escape(content)
