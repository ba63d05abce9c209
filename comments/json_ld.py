"""The JSON-LD of a page of a thread: its first comments in the vocabulary of schema.org."""

from hashlib import sha256

from django.core.cache import cache
from django.utils.text import Truncator
from django.utils.translation import get_language

from articles.web.addresses import build_absolute_url, format_moment

FIRST = 20  # comments of a page
LENGTH = 280  # characters of a text
DAY = 86_400  # seconds


def build_canonical_path(page):
    """Return the canonical path of a page of a thread. The other orders show the same comments
    again, so theirs is that of the first page."""
    path = page.thread.article.get_absolute_url()
    if page.thread.pk and page.order == "old" and page.number > 1:
        return f"{path}?page={page.number}"
    return path


def describe_discussion(page):
    """Return what a thread adds to the node of its article: the number of comments, and the first
    ones of the page, each with its answers inside it.

    Cached under the version of the thread. Without the cache it reads the trees of the page, which
    the page shows too.
    """
    thread = page.thread
    if not thread.published_count:
        return {"commentCount": 0}
    base = build_absolute_url(build_canonical_path(page))
    parts = (get_language(), thread.pk, thread.version, page.order, base)
    key = f"thread-json:{sha256(repr(parts).encode()).hexdigest()}"
    comments = cache.get(key)
    if comments is None:
        comments = _nest_comments([node for tree in page.trees for node in tree.nodes], base)
        cache.set(key, comments, timeout=DAY)
    return {"commentCount": thread.published_count, "comment": comments}


def _nest_comments(nodes, base):
    """Return the comments of nodes in tree order, each answer inside its parent.

    Answers to a removed comment take its place.
    """
    outermost, places, left = [], {}, FIRST
    for node in nodes:
        comment, holder = node.comment, places.get(node.comment.parent_id)
        if node.is_placeholder:
            places[comment.pk] = holder
        elif left:
            left -= 1
            places[comment.pk] = entry = _describe_comment(comment, base)
            (outermost if holder is None else holder.setdefault("comment", [])).append(entry)
    return outermost


def _describe_comment(comment, base):
    address = f"{base}#{comment.anchor}"
    entry = {
        "@type": "Comment",
        "@id": address,
        "url": address,
        "author": {"@type": "Person", "name": str(comment.display_name)},
        "datePublished": format_moment(comment.posted_at),
        "text": Truncator(comment.text).chars(LENGTH),
        "upvoteCount": max(0, comment.score),
    }
    if comment.edited_at:
        entry["dateModified"] = format_moment(comment.edited_at)
    return entry
