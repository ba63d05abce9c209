"""The lists on the page of an article that show other articles, and the footer with its pages.

They are gaps: each edition may change them, while the rest of the page stays. What many pages show
is rendered once for all pages of an edition in a process.
"""

from dataclasses import replace

from articles.related import RelatedLists, list_newest
from articles.row_html import render_rows
from articles.templatetags.reading import FOOTER, render_footer
from articles.web.gaps import fills
from articles.web.macros import render_macro
from comments.gap_fillers import mark_count_gap
from newsroom.context_processors import list_footer_pages, site

ARTICLES = "articles/_parts.jinja"
CHOSEN, RELATED, PICKS, NEWEST = "chosen", "related", "picks", "newest"  # kinds of gaps


@fills(CHOSEN, RELATED, PICKS, is_list=True)
def fill_related(gaps, parts):
    lists = {pk: RelatedLists(pk, parts) for pk in {pk for _kind, pk in gaps}}
    return {gap: RENDER[gap[0]](lists[gap[1]]) for gap in gaps}


@fills(NEWEST, is_list=True)
def fill_newest(gaps, parts):
    return {gap: _render_newest(list_newest(gap[1], parts), parts) for gap in gaps}


@fills(FOOTER, is_list=True)
def fill_footer(gaps, parts):
    if FOOTER not in parts.shared:
        values = site(None) | {"footer_pages": list_footer_pages()}
        parts.shared[FOOTER] = render_footer(values)
    return dict.fromkeys(gaps, parts.shared[FOOTER])


def _render_chosen(around):
    return render_macro(ARTICLES, "chosen", around.chosen) if around.chosen else ""


def _render_related(around):
    rows = _render_rows(around.related)
    if around.earlier or around.later:
        return render_macro(ARTICLES, "related", around.earlier, around.later, rows, True)
    return render_macro(ARTICLES, "related", around.previous, around.next, rows)


def _render_picks(around):
    return render_macro(ARTICLES, "picks", _render_rows(around.picks))


RENDER = {CHOSEN: _render_chosen, RELATED: _render_related, PICKS: _render_picks}


def _render_newest(rows, parts):
    key = NEWEST, tuple(row.pk for row in rows)
    if key not in parts.shared:
        parts.shared[key] = render_macro(ARTICLES, "newest_section", rows)
    return parts.shared[key]


def _render_rows(rows):
    """Return the HTML of rows, each with a gap for its count of comments."""
    return render_rows([replace(row, count_gap=mark_count_gap(row.pk)) for row in rows])
