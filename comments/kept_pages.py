"""The pages of threads, kept: one entry for the HTML of the trees and the JSON-LD of a page.

An entry is overwritten when its thread changes, so a thread takes no more room the more it is
changed. All trees of a page are rendered again then: rendering 200 comments takes about as long as
fetching 50 entries of single trees. It is compressed: of 140 kB, 25 remain, and it takes a tenth of
the time of rendering them.
"""

from dataclasses import dataclass
from datetime import timedelta

import brotli
from django.core.cache import caches
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from articles.web.addresses import build_absolute_url
from articles.web.html import write_json
from articles.web.macros import render_macro
from comments.best import find_best
from comments.json_ld import build_canonical_path, describe_comments
from comments.tree_html import DAY, render_trees, stamp_thread

QUICK = 1  # the level of compression
LONGEST = timedelta(days=30)  # that the whole page of an article is kept


@dataclass(frozen=True, slots=True)
class Kept:
    """The HTML of a page's trees; the number of comments and the first ones in the vocabulary of
    schema.org, as members in JSON; the highest number of a comment in the trees; and the HTML of
    the best comments, and of the very best, for the side: each in one line."""

    html: str
    discussion: str
    last: int
    best: str
    side: str

    def pack(self):
        text = f"{self.last}\n{self.discussion}\n{self.best}\n{self.side}\n{self.html}"
        return brotli.compress(text.encode(), quality=QUICK)

    @classmethod
    def unpack(cls, packed):
        last, discussion, best, side, html = brotli.decompress(packed).decode().split("\n", 4)
        return cls(html, discussion, int(last), best, side)


def render_page_trees(page):
    """Return the HTML of the trees of a ``ThreadPage``, in order, safe to print. No query if the
    page is kept, else three."""
    return mark_safe(_read_page(page).html)


def find_last_number(page):
    """Return the highest number of a comment in the trees of a ``ThreadPage``."""
    return _read_page(page).last


def find_best_html(page):
    """Return the HTML of the best comments for the head of a ``ThreadPage``, safe to print."""
    return mark_safe(_read_page(page).best)


def find_side_html(page):
    """Return the HTML of the best comment of a thread for the side, safe to print."""
    return mark_safe(_read_page(page).side)


def write_discussion(page):
    """Return what a thread adds to the node of its article, as members in JSON: the number of
    comments, and the first ones of the page, each with its answers inside it. No query beside those
    of the trees."""
    if page.thread.published_count:
        return _read_page(page).discussion
    return _write_members(commentCount=0)


def _read_page(page):
    """Return the HTML and the JSON-LD of a page, from the cache or made now; once a page."""
    if page.kept is None:
        base = build_absolute_url(build_canonical_path(page))
        key = f"thread-page:{get_language()}:{page.thread.pk}:{page.order}:{page.number}"
        stamp = (*stamp_thread(page.thread), base)
        kept, packed = caches["threads"].get(key) or (None, b"")
        if kept == stamp:
            page.kept = Kept.unpack(packed)
        else:
            page.kept = _render_page(page, base)
            caches["threads"].set(key, (stamp, page.kept.pack()), timeout=DAY)
    return page.kept


def _render_page(page, base):
    regime = page.thread.regime
    best = find_best(page.thread.pk, [regime.pinned, *regime.featured])
    html = str(render_trees(page.trees, regime, best.ranks))
    last = max((node.comment.number for tree in page.trees for node in tree.nodes), default=0)
    described = describe_comments(page.trees, base)
    discussion = _write_members(commentCount=page.thread.published_count, comment=described)
    side = _render_voices("side_voice", best.voices[:1]) if best.voices else ""
    return Kept(html, discussion, last, _render_best(page, best), side)


def _render_best(page, best):
    """Return the HTML of the best comments of a thread for its head, which the first page has."""
    if page.number > 1 or not best.voices:
        return ""
    below = {node.comment.pk: node.descendants for tree in page.trees for node in tree.nodes}
    voices = [(voice, below.get(voice.pk, 0)) for voice in best.voices]
    return _render_voices("best", voices)


def _render_voices(name, voices):
    return render_macro("comments/_page.jinja", name, voices).replace("\n", " ")


def _write_members(**members):
    return write_json(members)[1:-1]
