"""The JSON-LD of a page of a thread: its first comments in the vocabulary of schema.org.

They are members of the NewsArticle. Google's rules keep DiscussionForumPosting for what users have
begun: "an article with comments" by the publisher is named there as what must not be marked so. The
page of a single comment is closed to search engines, so no page of ours may have it.
"""

import unicodedata
from itertools import chain

from django.utils.text import Truncator
from django.utils.translation import gettext

from articles.web.languages import guess_language
from articles.web.moments import Clock
from comments.models.shown import name_writer

FIRST = 20  # comments of a page
LENGTH = 280  # characters of a text


def build_canonical_path(page):
    """Return the canonical path of a page of a thread. The other orders show the same comments
    again, so theirs is that of the first page."""
    path = page.thread.article.get_absolute_url()
    if page.thread.pk and page.order == "old" and page.number > 1:
        return f"{path}?page={page.number}"
    return path


def describe_comments(trees, base):
    """Return the first comments of trees, each answer inside its parent.

    Answers to a removed comment take its place. ``base`` is the address of the page.
    """
    outermost, places, left = [], {}, FIRST
    clock, anonymous = Clock(), gettext("Anonymous")
    for node in chain.from_iterable(tree.nodes for tree in trees):
        comment, holder = node.comment, places.get(node.comment.parent_id)
        if node.is_placeholder:
            places[comment.pk] = holder
            continue
        places[comment.pk] = entry = _describe_comment(comment, base, clock, anonymous)
        (outermost if holder is None else holder.setdefault("comment", [])).append(entry)
        left -= 1
        if not left:
            break
    return outermost


def _describe_comment(comment, base, clock, anonymous):
    address = f"{base}#{comment.anchor}"
    entry = {
        "@type": "Comment",
        "@id": address,
        "url": address,
        "author": {"@type": "Person", "name": name_writer(comment.name, anonymous)},
        "datePublished": clock.format_iso(comment.posted_at),
        "text": _shorten(comment.text),
        "upvoteCount": max(0, comment.score),
    }
    if language := guess_language(entry["text"]):
        entry["inLanguage"] = language
    if comment.edited_at:
        entry["dateModified"] = clock.format_iso(comment.edited_at)
    return entry


def _shorten(text):
    """Return the beginning of a text, normalised. ``Truncator`` counts character by character."""
    if len(text) <= LENGTH:
        return unicodedata.normalize("NFC", text)
    return Truncator(text).chars(LENGTH)
