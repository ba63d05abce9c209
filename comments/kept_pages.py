"""The pages of threads, kept: one entry for the HTML of the trees and the JSON-LD of a page.

An entry is overwritten when its thread changes, so a thread takes no more room the more it is
changed. All trees of a page are rendered again then: rendering 200 comments takes about as long as
fetching 50 entries of single trees.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.core.cache import caches
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from articles.web.addresses import build_absolute_url
from articles.web.html import write_json
from comments.json_ld import build_canonical_path, describe_comments
from comments.tree_html import DAY, render_trees, stamp_thread

LONGEST = timedelta(days=30)  # that the whole page of an article is kept


@dataclass(frozen=True, slots=True)
class Kept:
    """The HTML of a page's trees, and its first comments in the vocabulary of schema.org."""

    html: str
    described: list


def render_page_trees(page):
    """Return the HTML of the trees of a ``ThreadPage``, in order, safe to print. No query if the
    page is kept, else three."""
    return mark_safe(_read_page(page).html)


def write_discussion(page):
    """Return what a thread adds to the node of its article, as members in JSON: the number of
    comments, and the first ones of the page, each with its answers inside it. No query beside those
    of the trees."""
    members = {"commentCount": page.thread.published_count}
    if page.thread.published_count:
        members["comment"] = _read_page(page).described
    return write_json(members)[1:-1]


def _read_page(page):
    """Return the HTML and the JSON-LD of a page, from the cache or made now; once a page."""
    if page.kept is None:
        base = build_absolute_url(build_canonical_path(page))
        key = f"thread-page:{get_language()}:{page.thread.pk}:{page.order}:{page.number}"
        stamp = (*stamp_thread(page.thread), base)
        kept, html, described = caches["threads"].get(key) or (None, "", [])
        if kept != stamp:
            html = str(render_trees(page.trees, page.thread.regime))
            described = describe_comments(page.trees, base)
            caches["threads"].set(key, (stamp, html, described), timeout=DAY)
        page.kept = Kept(html, described)
    return page.kept
