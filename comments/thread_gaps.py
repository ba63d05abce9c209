"""The gaps in the page of an article that hold its thread: the thread itself, the links to it with
the number of comments, and what it adds to the JSON-LD in the head.

A comment or a vote changes nothing else of the first page of a thread, so the page cache fills
these gaps again and leaves the rest.
"""

from django.utils.safestring import mark_safe

from articles.models import Article, compiled
from articles.web.gaps import hold_in_gap
from comments.kept_pages import write_discussion
from comments.models import Thread
from comments.thread_html import render_bar_link, render_link, render_side, render_thread
from comments.thread_pages import ThreadPage

# Kinds of gaps, by the primary key of the article.
THREAD, DISCUSSION = "thread", "discussion"
LINK, BAR_LINK, SIDE = "comment-link", "comment-bar-link", "comment-side"
RENDER = {
    THREAD: render_thread,
    DISCUSSION: write_discussion,
    LINK: render_link,
    BAR_LINK: render_bar_link,
    SIDE: render_side,
}


def place_part(request, kind, page):
    """Return a part of a ``ThreadPage``, safe to print: as a gap where only this part depends on
    the thread."""
    article, html = page.thread.article, RENDER[kind](page)
    if article.is_page or page.number > 1:  # the thread decides about other parts of the page too
        return mark_safe(html)
    return mark_safe(hold_in_gap(request, kind, article.pk, html))


def render_parts(article_id, order):
    """Return {gap: HTML} of the first page of a thread, and when it changes by itself, or None."""
    thread = Thread.objects.find(_articles.first(article_id))
    page = ThreadPage(thread, order=order)
    parts = {(kind, article_id): render(page) for kind, render in RENDER.items()}
    return parts, thread.regime.changes_at


@compiled.rows
def _articles(pk):
    return Article.objects.filter(pk=pk).order_by().defer("body")
