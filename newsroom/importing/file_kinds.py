"""What a file is that people take for an export, by its first bytes."""

import re

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

KINDS = (
    (rb"\s*(?:<!doctype html|<html)", gettext_lazy("this is a web page, perhaps a login form.")),
    (rb"\s*(?:--|/\*!|CREATE |INSERT |DROP )", gettext_lazy("this is a dump of a database.")),
    (rb"SQLite format 3\0", gettext_lazy("this is an SQLite database.")),
    (rb'\s*\{\s*"db"\s*:', gettext_lazy("this is a Ghost export: choose Ghost.")),
    (rb"\s*[{\[]", gettext_lazy("this is JSON.")),
    (rb"(?s).{0,600}<rss[\s>]", gettext_lazy("this is a WordPress export (WXR) or a feed.")),
    (rb"(?s).{0,600}<disqus[\s>]", gettext_lazy("this is a Disqus export: choose Disqus.")),
    (rb"(?s).{0,600}<feed[\s>]", gettext_lazy("this is an Atom feed.")),
    (rb"%PDF|\x89PNG|\xff\xd8\xff|GIF8", gettext_lazy("this is a picture or a document.")),
    (rb"Rar!|7z\xbc\xaf|BZh|\xfd7zXZ", gettext_lazy("this is packed. Unpack it first.")),
    (rb"\s*\Z", gettext_lazy("this file is empty.")),
)
PATTERNS = [(re.compile(start, re.IGNORECASE), text) for start, text in KINDS]


def describe_file(head):
    """Return a sentence that says what a file is, or an empty string for an unknown kind."""
    return str(next((text for pattern, text in PATTERNS if pattern.match(head)), ""))


def join_sentences(first, second):
    """Return two sentences as one text: Japanese has no space between them."""
    return _("%(first)s %(second)s") % {"first": first, "second": second}
