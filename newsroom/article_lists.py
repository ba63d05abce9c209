"""The lists on the page of an article that show other articles, and the footer with its pages.

They are gaps: each edition may change them, while the rest of the page stays. What many pages show
is rendered once for all pages of an edition in a process.
"""

from dataclasses import replace

from django.utils.safestring import mark_safe

from articles.related import RelatedLists, list_newest
from articles.row_html import render_newest, render_rows, render_siblings
from articles.templatetags.reading import FOOTER, render_footer
from articles.web.gaps import fills
from articles.web.macros import render_macro
from comments.gap_fillers import mark_count_gap
from newsroom.context_processors import list_footer_pages, site

ARTICLES = "articles/_parts.jinja"
CHOSEN, RELATED, PICKS, NEWEST = "chosen", "related", "picks", "newest"  # kinds of gaps
ROW = "row-html"


@fills(CHOSEN, RELATED, PICKS, is_list=True)
def fill_related(gaps, parts):
    lists = {pk: RelatedLists(pk, parts) for pk in {pk for _kind, pk in gaps}}
    return {gap: RENDER[gap[0]](lists[gap[1]], parts.shared) for gap in gaps}


@fills(NEWEST, is_list=True)
def fill_newest(gaps, parts):
    return {gap: render_newest(list_newest(gap[1], parts)) for gap in gaps}


@fills(FOOTER, is_list=True)
def fill_footer(gaps, parts):
    if FOOTER not in parts.shared:
        values = site(None) | {"footer_pages": list_footer_pages()}
        parts.shared[FOOTER] = render_footer(values)
    return dict.fromkeys(gaps, parts.shared[FOOTER])


def _render_chosen(around, shared):
    return render_macro(ARTICLES, "chosen", around.chosen) if around.chosen else ""


def _render_related(around, shared):
    rows = render_macro(ARTICLES, "related", _render_rows(around.related, shared))
    if around.earlier or around.later:
        return render_siblings(around.earlier, around.later, is_series=True) + rows
    return render_siblings(around.previous, around.next, is_series=False) + rows


def _render_picks(around, shared):
    return render_macro(ARTICLES, "picks", _render_rows(around.picks, shared))


RENDER = {CHOSEN: _render_chosen, RELATED: _render_related, PICKS: _render_picks}


def _render_rows(rows, shared):
    """Return the HTML of rows, each with a gap for its count of comments."""
    for row in rows:
        if (ROW, row.pk) not in shared:
            counted = replace(row, count_gap=mark_count_gap(row.pk))
            shared[ROW, row.pk] = render_rows([counted])
    return mark_safe("".join([shared[ROW, row.pk] for row in rows]))
