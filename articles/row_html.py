"""The HTML of the rows of lists, and of links to other articles. The same rows are on many pages,
and each is rendered once."""

from functools import lru_cache

from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from articles.list_rows import ListedArticle
from articles.web.macros import render_macro

PARTS = "articles/_parts.jinja"
REMEMBERED = 4_096  # rows


def render_rows(articles, variant="", level=3, is_below_day=False):
    """Return the HTML of ``ListedArticle``s as rows, safe to print. ``level``: of their titles."""
    place = *_name_place(), variant, level, is_below_day
    return mark_safe("".join(_render_row(place, *article.values) for article in articles))


def render_newest(articles):
    """Return the HTML of the newest ``ListedArticle``s under a heading, safe to print."""
    return _render_newest(_name_place(), *(article.values for article in articles))


def render_siblings(previous, following, *, is_series):
    """Return the HTML of the links to the articles before and after one, or to the parts of its
    series; safe to print."""
    if not previous and not following:
        return ""
    values = [article and article.values for article in (previous, following)]
    return _render_siblings(_name_place(), is_series, *values)


def _name_place():
    return get_language(), timezone.localdate()  # rows name today and yesterday


@lru_cache(REMEMBERED)
def _render_row(place, *values):
    _language, _today, *options = place
    return f"{render_macro(PARTS, 'row', ListedArticle(*values), *options)}\n"


@lru_cache(16)
def _render_newest(place, *rows):
    return render_macro(PARTS, "newest_section", [ListedArticle(*values) for values in rows])


@lru_cache(REMEMBERED)
def _render_siblings(place, is_series, *articles):
    siblings = [values and ListedArticle(*values) for values in articles]
    return render_macro(PARTS, "siblings", *siblings, is_series)
