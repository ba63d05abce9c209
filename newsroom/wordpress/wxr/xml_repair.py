"""Repairs elements that are not well-formed XML, as real exports contain them.

WordPress writes a commenter's address and some slugs unescaped, database fields hold control
characters and broken UTF-8, and plugins close CDATA sections too early. Repairs change no
newlines, so that line numbers stay right.
"""

import html
import re
from html.entities import html5
from xml.sax.saxutils import escape

from django.utils.translation import gettext as _

from articles.web.html import remove_unprintable

CDATA = re.compile(r"(<!\[CDATA\[.*?\]\]>)", re.DOTALL)
BAD_REFERENCE = re.compile(
    r"&#(?:0*(?:[0-8]|1[124-9]|2[0-9]|3[01])|[xX]0*(?:[0-8bBcCeEfF]|1[0-9a-fA-F]));"
)
AMPERSAND = re.compile(r"&(?:(#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)?")
XML_NAMES = {"amp", "lt", "gt", "quot", "apos"}

GROUPS = "wp:(?:comment|commentmeta|postmeta|author|category|tag|term|termmeta)"
LEAVES = "title|link|pubDate|guid|description|category|dc:creator|(?:content|excerpt):encoded"
LEAF = re.compile(
    rf"<(?!{GROUPS}[\s>])({LEAVES}|wp:[A-Za-z_]+)((?:\s[^<>]*(?<!/))?)>"
    r"(?:(\s*<!\[CDATA\[.*?\]\]>\s*)|(.*?))</\1\s*>",
    re.DOTALL,
)


def repair_element(body):
    """Yield (bytes, descriptions of the repairs) for an element, the gentlest repair first."""
    text, repairs = _remove_bad_characters(body)
    parts = CDATA.split(text)
    parts[::2] = [AMPERSAND.sub(_repair_ampersand, part) for part in parts[::2]]
    gentle = "".join(parts)
    if gentle != text:
        repairs.append(_("unescaped & escaped"))
    yield gentle.encode(), repairs
    yield (
        LEAF.sub(_escape_leaf, text).encode(),
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


def _escape_leaf(match):
    name, attributes, section, plain = match.groups()
    if section is None:
        content = html.unescape(plain.replace("<![CDATA[", "").replace("]]>", ""))
    else:
        # Adjacent sections are one text: this is how ]]> itself is written.
        content = section.strip().removeprefix("<![CDATA[").removesuffix("]]>")
        content = content.replace("]]><![CDATA[", "")
    attributes = AMPERSAND.sub(_repair_ampersand, attributes)
    return f"<{name}{attributes}>{escape(content)}</{name}>"
