"""What fills the gaps in the page of an article: the counts of the comments on other articles."""

from functools import lru_cache

from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from articles.web.gaps import fills, mark_gap
from articles.web.macros import render_macro
from comments.models.thread import count_comments

COUNT = "comment-count"  # a kind of gap


def mark_count_gap(article):
    """Return the mark of a gap for the count of comments on an article, by its primary key."""
    return mark_safe(mark_gap(COUNT, article))


@fills(COUNT)
def fill_counts(gaps, parts):
    counts = count_comments([article for _kind, article in gaps])
    language = get_language()
    return {gap: _render_badge(language, counts.get(gap[1], 0)) for gap in gaps}


@lru_cache(4_096)
def _render_badge(language, count):
    return render_macro("articles/_parts.jinja", "count_badge", count)
