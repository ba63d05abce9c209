"""Mends elements that are no well-formed XML, as real exports hold them.

WordPress writes a commenter's address and some slugs unescaped, database fields hold control
characters and broken UTF-8, and plugins close CDATA sections too early. Newlines are kept, so
that line numbers stay right.
"""

import html
import re
from html.entities import html5
from xml.sax.saxutils import escape

from django.utils.translation import gettext as _

CDATA = re.compile(r"(<!\[CDATA\[.*?\]\]>)", re.DOTALL)
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
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
    """Yield (bytes, what was done) for an element, the gentlest repair first."""
    text, done = _clean_text(body)
    parts = CDATA.split(text)
    parts[::2] = [AMPERSAND.sub(_ampersand, part) for part in parts[::2]]
    gentle = "".join(parts)
    if gentle != text:
        done.append(_("unescaped & escaped"))
    yield gentle.encode(), done
    yield (
        LEAF.sub(_leaf, text).encode(),
        [*done, _("text escaped again that broke the markup")],
    )


def _clean_text(body):
    done = []
    try:
        text = body.decode()
    except UnicodeDecodeError:
        text = body.decode(errors="replace")
        done.append(_("invalid UTF-8 replaced"))
    clean = BAD_REFERENCE.sub("", FORBIDDEN.sub("", text))
    if clean != text:
        done.append(_("control characters removed"))
    return clean, done


def _ampersand(match):
    name = match[1]
    if name and (name in XML_NAMES or name.startswith("#")):
        return match[0]
    if name and f"{name};" in html5:
        return escape(html5[f"{name};"])
    return "&amp;" + match[0][1:]


def _leaf(match):
    name, attributes, section, plain = match.groups()
    if section is None:
        content = html.unescape(plain.replace("<![CDATA[", "").replace("]]>", ""))
    else:
        # Sections that follow one another are one text: this is how ]]> itself is written.
        content = section.strip().removeprefix("<![CDATA[").removesuffix("]]>")
        content = content.replace("]]><![CDATA[", "")
    attributes = AMPERSAND.sub(_ampersand, attributes)
    return f"<{name}{attributes}>{escape(content)}</{name}>"
