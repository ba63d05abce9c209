"""Keys of items and comments whose id an export lacks: negative integers, the same in every run.

Exports of other programs, and WordPress's own after some plugins, hold items without ``post_id``
or with 0. Such an item is told apart by its link, else by its guid, else by its slug and date.
"""

import re

from newsroom.importing.mapping import derive_key
from newsroom.importing.old_urls import split_url

SAYS_NOTHING = re.compile(r"(?:p|page_id|attachment_id)=0*(?:&|$)")  # a query for no id at all


def find_key(item):
    """Return the id of an item, or the key that stands for it."""
    if item.key or item.old_id > 0:
        return item.key or item.old_id
    for url in (item.link, item.guid):
        if _names_something(url):
            return derive_key(item.type, url.strip())
    return derive_key(item.type, item.slug or item.title, item.published_at)


def find_comment_key(comment, item):
    """Return the id of a comment of an item, or the key that stands for it."""
    if 0 < comment.old_id < 2**62:
        return comment.old_id
    return derive_key(item.old_id, comment.author, comment.date, comment.content)


def _names_something(url):
    parts = split_url(url.strip())
    return bool(parts.path.strip("/") or parts.query) and not SAYS_NOTHING.match(parts.query)


class Doubles:
    """Tells items of one run apart that share an id: two articles, not two copies of one.

    They differ by type; or by title, unless they have the same permalink.
    """

    def __init__(self):
        self._first = {}

    def is_other(self, item):
        """Whether the id of an item belongs to another item that came before."""
        own = (item.type, item.title, item.link)
        kind, title, link = self._first.setdefault(item.old_id, own)
        has_permalink = link == item.link and bool(split_url(link).path.strip("/"))
        return kind != item.type or (title != item.title and not has_permalink)


def find_double_key(item):
    """Return the key of an item whose id belongs to another one."""
    return derive_key(item.type, item.old_id, item.link, item.title)
