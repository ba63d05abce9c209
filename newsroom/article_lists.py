"""The lists on the page of an article that show other articles, and the footer with its pages.

They are gaps: each edition may change them, while the rest of the page stays. What many pages show
is rendered once for all pages of an edition in a process.
"""

from dataclasses import replace

from django.utils.safestring import mark_safe

from articles.related import RelatedLists
from articles.row_html import render_rows, render_series_parts
from articles.templatetags.reading import FOOTER, render_footer
from articles.web.gaps import fills
from articles.web.macros import render_macro
from comments.gap_fillers import mark_count_gap
from newsroom.context_processors import list_footer_pages, site

ARTICLES = "articles/_parts.jinja"
SERIES, RELATED = "series", "related"  # kinds of gaps
ROW = "row-html"


@fills(SERIES, RELATED, is_list=True)
def fill_related(gaps, parts):
    lists = {pk: RelatedLists(pk, parts) for pk in {pk for _kind, pk in gaps}}
    return {gap: RENDER[gap[0]](lists[gap[1]], parts.shared) for gap in gaps}


@fills(FOOTER, is_list=True)
def fill_footer(gaps, parts):
    if FOOTER not in parts.shared:
        values = site(None) | {"footer_pages": list_footer_pages()}
        parts.shared[FOOTER] = render_footer(values)
    return dict.fromkeys(gaps, parts.shared[FOOTER])


def _render_series(around, shared):
    return render_series_parts(around.earlier, around.later)


def _render_related(around, shared):
    """Return the HTML of rows, each with a gap for its count of comments."""
    for row in around.related:
        if (ROW, row.pk) not in shared:
            counted = replace(row, count_gap=mark_count_gap(row.pk))
            shared[ROW, row.pk] = render_rows([counted], "tall")
    rows = "".join([shared[ROW, row.pk] for row in around.related])
    return render_macro(ARTICLES, "related", mark_safe(rows))


RENDER = {SERIES: _render_series, RELATED: _render_related}
