"""The HTML of the rows of lists. The same rows are on many pages, and each is rendered once."""

from functools import lru_cache

from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from articles.list_rows import ListedArticle
from articles.web.macros import render_macro

REMEMBERED = 4_096  # rows


def render_rows(articles, variant="", level=3, is_below_day=False):
    """Return the HTML of ``ListedArticle``s as rows, safe to print. ``level``: of their titles."""
    place = get_language(), timezone.localdate(), variant, level, is_below_day
    return mark_safe("".join(_render_row(place, *article.values) for article in articles))


@lru_cache(REMEMBERED)
def _render_row(place, *values):
    _language, _today, *options = place  # rows name today and yesterday
    article = ListedArticle(*values)
    return f"{render_macro('articles/_parts.jinja', 'row', article, *options)}\n"
