"""The HTML of a page of a thread: the trees, and around them what hardly ever changes.

The empty form and the tools of a thread differ between threads by the primary key of the article
alone. They are rendered once, with ``PLACE`` instead.
"""

from dataclasses import dataclass, field
from functools import lru_cache

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from articles.models import Article
from articles.web.macros import render_macro
from comments.forms import CommentForm
from comments.kept_pages import (
    find_best_html,
    find_last_number,
    find_side_html,
    render_page_trees,
)
from comments.lifted import find_lifted
from comments.models import Thread
from comments.notices import list_notices, say_closed
from comments.orders import ORDERS
from comments.thread_pages import ThreadPage

PLACE = 9_007_199_254_740_991  # no text has these digits by itself


@dataclass(frozen=True, slots=True)
class ThreadView:
    """What the macro ``thread`` shows; ``tools``, ``trees``, ``best`` and ``form`` are HTML.
    ``last``: the highest number of a comment in the trees."""

    thread: Thread
    page: ThreadPage
    is_open: bool
    closed: str
    tools: str
    trees: str
    last: int
    best: str
    form: str
    lifted: list
    orders: list = field(default_factory=ORDERS.values)


def render_thread(page):
    """Return the HTML of a ``ThreadPage`` with its form, safe to print."""
    thread, regime, article = page.thread, page.thread.regime, page.thread.article
    is_open = regime.is_open
    view = ThreadView(
        thread=thread,
        page=page,
        is_open=is_open,
        closed="" if is_open else say_closed(regime.opens_at),
        tools=render_tools(article),
        trees=render_page_trees(page) if thread.pk else "",
        last=find_last_number(page) if thread.pk else 0,
        best=find_best_html(page) if thread.pk else "",
        form=render_empty_form(article, list_notices(regime)) if is_open else "",
        lifted=find_lifted(thread) if thread.pk and page.number == 1 else [],
    )
    return render_macro("comments/_page.jinja", "thread", article, view)


def render_link(page):
    """Return the link to a thread from the byline of its article, safe to print."""
    return _render_link(get_language(), "comment_link", page.thread.published_count)


def render_bar_link(page):
    """Return the link to a thread from the bar of its article's text, safe to print."""
    return _render_link(get_language(), "comment_bar_link", page.thread.published_count)


def render_side(page):
    """Return what the side of an article says of its thread, safe to print; "" without
    comments."""
    if not page.thread.published_count:
        return ""
    voice = find_side_html(page)
    return render_macro("comments/_page.jinja", "side", page.thread.published_count, voice)


@lru_cache(maxsize=1_024)
def _render_link(language, name, count):
    return render_macro("comments/_page.jinja", name, count)


def render_tools(article):
    """Return what the scripts of a thread need in the page, safe to print."""
    return _put(article, _render_tools(get_language()))


def render_empty_form(article, notices):
    """Return the form for a top-level comment, safe to print."""
    rules = settings.COMMENT_LIMITS, settings.COMMENT_RULES["token"][0]
    return _put(article, _render_form(get_language(), tuple(notices), rules))


@lru_cache(maxsize=8)
def render_this_thread(language):
    """Return the links and keys that lead through a thread, in the active language."""
    return render_to_string("comments/_this_thread.html")


@lru_cache(maxsize=8)
def _render_tools(language):
    return render_to_string("comments/_tools.html", {"article": Article(pk=PLACE)})


@lru_cache(maxsize=64)
def _render_form(language, notices, rules):
    """``rules``: what else the form depends on."""
    values = {"article": Article(pk=PLACE), "form": CommentForm(), "notices": notices}
    return render_to_string("comments/_form.html", values)


def _put(article, html):
    return mark_safe(html.replace(str(PLACE), str(article.pk)))
