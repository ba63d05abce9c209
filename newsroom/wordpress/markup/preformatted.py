"""Preformatted text: program text stays to the letter, verse and text with links becomes lines."""

import re

from newsroom.importing.dom import Node
from newsroom.wordpress.markup.autop import mark_text

VERSE = "wp-block-verse"
OF_CODE = re.compile(r"code|lang|brush|highlight|syntax|pretty|crayon|hljs|prism", re.IGNORECASE)
INDENT = re.compile(r"(?:(?<=\n)|\A)[ \t]++(?!\n)")


def is_prose(node):
    """Whether a ``pre`` holds text for readers whose marks and links matter."""
    is_code = node.find("code") is not None or OF_CODE.search(node.get("class"))
    return VERSE in node.classes or (has_links(node) and not is_code)


def has_links(node):
    return any(part.tag == "a" and part.get("href") for part in node.walk())


def mark_lines(node):
    """Return the children of a node with breaks for its newlines, and indents that stay."""
    return [
        mark_text(INDENT.sub(_keep_indent, child)) if isinstance(child, str) else _mark_node(child)
        for child in node.children
    ]


def _mark_node(node):
    return Node(node.tag, node.attributes, mark_lines(node))


def _keep_indent(match):
    return "\u00a0" * len(match[0].expandtabs(4))
