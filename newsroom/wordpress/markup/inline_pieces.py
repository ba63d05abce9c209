"""What stands in a line of text as one piece of HTML: words with their readings, and formulas."""

from html import escape

from articles.body.foreign import divide_ruby
from articles.body.formulas import reduce_formulas
from articles.web.html import parse_html, serialize_html
from newsroom.importing.dom import Node


def build_piece(node):
    """Return the HTML of a ``ruby`` or ``math`` node as a body stores it."""
    root = parse_html(_serialize(node))
    reduce_formulas(root)
    for ruby in root.xpath(".//ruby"):
        divide_ruby(ruby)
    return serialize_html(root)


def _serialize(node):
    if not isinstance(node, Node):
        return escape(node, quote=False)
    attributes = "".join(f' {name}="{escape(value)}"' for name, value in node.attributes.items())
    inner = "".join(map(_serialize, node.children))
    return f"<{node.tag}{attributes}>{inner}</{node.tag}>"
