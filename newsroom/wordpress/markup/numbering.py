"""The numbers of lists and their items, as attributes of a body."""

from articles.web.paging import read_integer
from newsroom.importing.dom import Node


def serialize_numbering(node):
    """Return the attributes that number a list."""
    if node.tag != "ol":
        return ""
    start, kind = read_integer(node.get("start"), digits=8), node.get("type")
    html = "" if start is None else f' start="{start}"'
    html += f' type="{kind}"' if kind in {*"aAiI"} else ""
    return html + (" reversed" if "reversed" in node.attributes else "")


def serialize_value(node):
    """Return the number that an item of a list gives itself."""
    value = read_integer(node.get("value"), digits=8) if isinstance(node, Node) else None
    return "" if value is None else f' value="{value}"'
