"""The column beside lists: the rankings. Beside articles it has the most read ones, and how many
wrote below the article in a day."""

from functools import lru_cache

from django.conf import settings
from django.core.cache import cache
from django.utils.html import format_html
from django.utils.translation import get_language

from articles.models.ranking import Order
from articles.reads import MOST_READ
from articles.web.editions import build_edition_key
from articles.web.gaps import fills
from articles.web.macros import render_macro
from articles.web.rankings import select_ranked
from comments.discussed import MOST_DISCUSSED, Writers, read_ranked, select_discussed
from newsroom.ranking_renewal import read_orders
from newsroom.sections import read_section_orders

RANKINGS, TALLY = "rankings", "tally"  # kinds of gaps
ARTICLES, FRONT = "articles/_parts.jinja", "newsroom/_front.jinja"


def render_side(category=None):
    """Return the column beside a list, safe to print: the rankings of the site or of a category."""
    return format_html('<div class="side">\n{}</div>', render_rankings(category))


def render_most_read(ranked):
    """Return the HTML of the most read articles: (label, articles) of each period."""
    return _render_most_read(get_language(), ranked)


def render_rankings(category=None):
    """Return the HTML of the most read and the most discussed articles of the site or of a
    category, safe to print. It is cached for ``settings.PAGE_CACHE_SECONDS``."""
    place = category.pk if category else "site"
    key = build_edition_key(f"rankings:{place}:{get_language()}")
    html = cache.get(key) if settings.PAGE_CACHE_SECONDS else None
    if html is None:
        name = category.name if category else ""
        html = _render_orders(read_orders(category), name)
        if settings.PAGE_CACHE_SECONDS:
            cache.set(key, html, settings.PAGE_CACHE_SECONDS)
    return html


def render_rankings_among(articles, section):
    """Return the HTML of the rankings among some articles, a queryset, whose section has a
    name; those of the site where fewer than two are ranked."""
    orders = read_section_orders(articles=articles)
    if not any(len(keys) > 1 for order in orders.values() for keys in order.values()):
        return render_rankings()
    return _render_orders(orders, section)


@fills(RANKINGS, TALLY)
def fill_side(gaps, parts):
    most_read, writers = _read_article_side()
    return {gap: most_read if gap[0] == RANKINGS else _show(writers.get(gap[1])) for gap in gaps}


def _read_article_side():
    """Return the HTML of the most read articles, and {article's key: numbers of writers} of those
    that are ranked. It is cached for ``settings.PAGE_CACHE_SECONDS``."""
    key = build_edition_key(f"article-side:{get_language()}")
    side = cache.get(key) if settings.PAGE_CACHE_SECONDS else None
    if side is None:
        orders = read_orders()
        read, discussed = (orders.get(name, Order()) for name in (MOST_READ, MOST_DISCUSSED))
        ranked = {
            key: article._replace(comment_count=0) for key, article in read_ranked(read).items()
        }
        side = render_most_read(select_ranked(read, ranked)), discussed.figures
        if settings.PAGE_CACHE_SECONDS:
            cache.set(key, side, settings.PAGE_CACHE_SECONDS)
    return side


def _render_orders(orders, section=""):
    read, discussed = (orders.get(name, Order()) for name in (MOST_READ, MOST_DISCUSSED))
    articles = read_ranked(read, discussed)
    uncounted = {key: article._replace(comment_count=0) for key, article in articles.items()}
    shown = select_ranked(read, uncounted), select_discussed(discussed, articles)
    return _render_ranked(get_language(), section, *shown)


def _show(numbers):
    writers = Writers(*numbers or (0, 0, 0))
    return _render_writers(get_language(), writers) if writers.day else ""


@lru_cache(maxsize=1_024)
def _render_writers(language, writers):
    return render_macro(FRONT, "writers", writers)


@lru_cache(maxsize=64)
def _render_most_read(language, ranked):
    return render_macro(ARTICLES, "most_read", ranked)


@lru_cache(maxsize=256)
def _render_ranked(language, section, read, discussed):
    return render_macro(ARTICLES, "both_rankings", read, discussed, section)
