"""HTML fragments: parse and serialize them, make their links absolute, remove bad characters; and
JSON inside HTML."""

import json
import re

from lxml import html as lxml_html

# Characters that XML 1.0 §2.2 forbids, and surrogates. No page or feed can hold them.
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
# Characters that could end the script element or a line of JavaScript.
ESCAPES = {character: f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}


def remove_unprintable(text):
    """Return a text without the characters that no page, feed or database can hold."""
    return UNPRINTABLE.sub("", text)


def parse_html(html):
    """Return an lxml ``div`` that holds a fragment; unprintable characters are left out."""
    return lxml_html.fragment_fromstring(remove_unprintable(html), create_parent="div")


def serialize_html(root):
    """Return the HTML inside an element returned by ``parse_html``."""
    html = lxml_html.tostring(root, encoding="unicode").replace("</source>", "")  # it is void
    return html[len("<div>") : -len("</div>")].strip()


def make_links_absolute(html, base):
    """Return safe HTML whose addresses are absolute, resolved against the address ``base``.

    Alternative renditions of pictures are removed: a feed reader shows the ``img`` alone.
    """
    root = parse_html(html)
    root.make_links_absolute(base, handle_failures="ignore")
    for wrapper in root.xpath(".//picture | .//source"):
        wrapper.drop_tag()
    for image in root.xpath(".//img"):
        for name in ("srcset", "sizes", "loading", "decoding", "data-file"):
            image.attrib.pop(name, None)
    return serialize_html(root)


def write_json(node):
    """Return JSON that may stand in a script element: no text in it can end the element."""
    text = json.dumps(node, ensure_ascii=False, separators=(",", ":"))
    for character, escape in ESCAPES.items():  # ``translate`` looks at each character by itself
        text = text.replace(character, escape)
    return text
