"""Parts of a body as HTML that WordPress shows to the letter."""

import re
from html import escape

from lxml import html as lxml_html

SHORTCODE = re.compile(r"\[(?=[/\[]?[A-Za-z])")


def escape_shortcodes(html):
    """Return HTML in which no bracket begins a shortcode."""
    return SHORTCODE.sub("&#91;", html)


def serialize_element(element):
    """Return an element as HTML."""
    html = lxml_html.tostring(element, encoding="unicode", with_tail=False)
    return escape_shortcodes(html)


def unwrap_paragraph(element):
    """Return the HTML inside an element, without the only paragraph that it may hold."""
    first = element[0] if len(element) == 1 else None
    if first is not None and first.tag == "p" and not first.attrib:
        around = (element.text or "") + (first.tail or "")
        element = element if around.strip() else first
    inside = [escape(element.text or "", quote=False)]
    inside += [lxml_html.tostring(child, encoding="unicode") for child in element]
    return escape_shortcodes("".join(inside).strip())
