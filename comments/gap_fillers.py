"""What fills the gaps in the page of an article: the counts of the comments on other articles."""

from functools import lru_cache

from django.utils.translation import get_language

from articles.web.gaps import fills
from articles.web.macros import render_macro
from comments.models.thread import count_comments

COUNT = "comment-count"  # a kind of gap


@fills(COUNT)
def fill_counts(articles):
    counts = count_comments(articles)
    language = get_language()
    return {pk: _render_badge(language, counts.get(pk, 0)) for pk in articles}


@lru_cache(4_096)
def _render_badge(language, count):
    return render_macro("articles/_parts.jinja", "count_badge", count)
