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


def render_series_parts(earlier, later):
    """Return the HTML of the links to the parts of a series before and after an article, safe to
    print."""
    if not earlier and not later:
        return ""
    values = [article and article.values for article in (earlier, later)]
    return _render_series_parts(_name_place(), *values)


def _name_place():
    return get_language(), timezone.localdate()  # rows name today and yesterday


@lru_cache(REMEMBERED)
def _render_row(place, *values):
    _language, _today, *options = place
    return f"{render_macro(PARTS, 'row', ListedArticle(*values), *options)}\n"


@lru_cache(REMEMBERED)
def _render_series_parts(place, *articles):
    parts = [values and ListedArticle(*values) for values in articles]
    return render_macro(PARTS, "series_parts", *parts)
