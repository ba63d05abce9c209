"""What a file is that is no export, and what to try instead."""

import re

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

EXPORT = gettext_lazy("In WordPress choose Tools → Export → All content, and import that file.")
# How kinds of files begin that people take for an export, and what they are.
KINDS = (
    (rb"\s*(?:<!doctype html|<html)", gettext_lazy("this is a web page, perhaps a login form.")),
    (rb"\s*(?:--|/\*!|CREATE |INSERT |DROP )", gettext_lazy("this is a dump of a database.")),
    (rb"\s*[{\[]", gettext_lazy("this is JSON.")),
    (rb"(?s).{0,600}<feed[\s>]", gettext_lazy("this is an Atom feed, not a WordPress export.")),
    (rb"%PDF|\x89PNG|\xff\xd8\xff|GIF8", gettext_lazy("this is a picture or a document.")),
    (rb"Rar!|7z\xbc\xaf|BZh|\xfd7zXZ", gettext_lazy("this is packed. Unpack it first.")),
    (rb"\s*\Z", gettext_lazy("this file is empty.")),
)
PATTERNS = [(re.compile(start, re.IGNORECASE), text) for start, text in KINDS]
NO_EXPORT = gettext_lazy("this is not a WordPress export (WXR).")


def explain_file(head):
    """Return what a file is, by its first bytes, and what to try."""
    kind = next((text for pattern, text in PATTERNS if pattern.match(head)), NO_EXPORT)
    return f"{kind} {EXPORT}"


def explain_nothing():
    """Return why an export that can be read may hold nothing."""
    return _("the export holds no item.") + f" {EXPORT}"
