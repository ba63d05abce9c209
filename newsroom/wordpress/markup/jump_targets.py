"""Places in a text that links lead to: ids of the old text become those of a stored body."""

import re
from urllib.parse import unquote

UNFIT = re.compile(r"[^\w.-]+")
# Ids that WordPress sets for itself.
OWN = re.compile(r"more-\d+|note-\d+|attachment_\d+|.*-link|wp-.*|h-\d*")
LENGTH = 100


def build_anchor(fragment):
    """Return the id in a stored body for an id of the old text, or an empty string."""
    name = UNFIT.sub("-", unquote(fragment)).strip("-")[:LENGTH]
    return f"at-{name}" if name else ""


def read_anchor(node):
    """Return the id in a stored body for the id of a node, or for the name of ``<a name>``."""
    name = node.get("id") or (node.get("name") if node.tag == "a" else "")
    return "" if not name or OWN.fullmatch(name) else build_anchor(name)
