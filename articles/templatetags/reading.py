"""Template tags of public pages: numbers, dates, pictures, sharing, page numbers."""

from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from itertools import groupby
from numbers import Integral
from urllib.parse import quote, urlencode

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import mark_safe
from django.utils.text import Truncator
from django.utils.translation import get_language, gettext, pgettext

from articles.row_html import render_rows
from articles.web.addresses import build_absolute_url
from articles.web.gaps import fills, mark_gap
from articles.web.languages import guess_language, keep_language, name_language
from articles.web.macros import render_macro
from articles.web.moments import Clock

register = template.Library()
register.simple_tag(render_macro, name="macro")
register.simple_tag(render_rows, name="article_rows")

CHROME = "includes/_chrome.jinja"
DATE, FOOTER = "date", "footer"  # kinds of gaps


class Count(int):
    """An integer that prints with commas: 1,000. Plural rules still see the number."""

    def __str__(self):
        return f"{self:,d}"


@register.filter
def counted(number):
    """Return a number that prints with commas. Ids and comment numbers do not use this filter."""
    return Count(number) if isinstance(number, Integral) else number


@register.filter
def lang(text):
    """Return the attribute ``lang`` for a name or a comment in another language than the page.

    With it browsers break the lines, and screen readers read the text, in its own language.
    Articles know theirs, and need no filter (``articles.web.languages``).
    """
    return name_language(guess_language(str(text), get_language()))


@register.filter
def shorten(text, length):
    """Return a text of at most ``length`` characters, the last one … if it was longer. A text with
    blanks is cut at one."""
    if len(text) <= length:
        return text
    cut = Truncator(str(text)).chars(length)
    words, blank, _rest = cut.rpartition(" ")
    return keep_language(text, f"{words}…" if blank and len(words) > length / 2 else cut)


@register.filter
def when(moment):
    """Format a time for lists, with the year unless it is the current one."""
    return Clock().format_for_list(moment)


@register.filter
def recent(moment):
    """Format a time for readers' lists: today's time, yesterday's, or else the day."""
    return Clock().format_for_front(moment)


@register.filter
def time(moment):
    """Format a time below the heading of its day."""
    return Clock().format_time(moment)


@register.filter
def by_day(articles):
    """Return (day, articles) for articles in the order of time: those of today and yesterday, which
    say so themselves, without a day, then those of each day."""
    yesterday = timezone.localdate() - timedelta(days=1)

    def find_day(article):
        day = timezone.localdate(article.published_at)
        return None if day >= yesterday else day

    return [(day, list(group)) for day, group in groupby(articles, find_day)]


@register.filter
def day_of(moment):
    """Format the day of a time, with the year unless it is the present one."""
    day = timezone.localdate(moment)
    is_near = day.year == timezone.localdate().year
    return date_format(day, gettext("j M") if is_near else gettext("j M Y"))


@register.filter
def day_heading(day):
    """Format the day of a heading, with the year unless it is the present one."""
    is_near = day.year == timezone.localdate().year
    return date_format(day, gettext("D, j M") if is_near else gettext("D, j M Y"))


@register.filter
def briefly(moment):
    """Format a time for the head of a comment, in few characters."""
    return Clock().format_briefly(moment)


@register.simple_tag
def share_links(article):
    """Return (name, address) of links for sharing; they load nothing from other sites."""
    address = build_absolute_url(article.get_absolute_url())
    scheme, _separator, rest = address.partition("://")
    entry = f"{'s/' if scheme == 'https' else ''}{rest}"
    query = urlencode({"url": address, "text": article.title}, quote_via=quote)
    return [
        ("X", f"https://x.com/intent/post?{query}"),
        (gettext("Hatena Bookmark"), f"https://b.hatena.ne.jp/entry/{entry}"),
        ("LINE", f"https://social-plugins.line.me/lineit/share?{urlencode({'url': address})}"),
    ]


@dataclass(frozen=True, slots=True)
class PageLink:
    """An entry in the row of page numbers; one without ``href`` is no link."""

    label: str
    href: str = ""
    rel: str = ""
    is_current: bool = False
    is_far: bool = False


@register.inclusion_tag("includes/_pagination.html")
def pagination(page, query="", key="page"):
    """Render links to the first, the last and the nearest pages of a list with several pages.

    ``query`` is added to each address; ``key`` is the parameter that has the number.
    """
    return {"links": list(_build_page_links(page, query, key)) if page.has_other_pages() else []}


@register.simple_tag(takes_context=True)
def header(context):
    """Render the header of a page: name, date, search, categories. A page with gaps has one for the
    date."""
    current = context.get("current_category")
    categories = [
        (each.pk, each.tree_id, each.name, each.get_absolute_url())
        for each in context.get("nav_categories") or ()
    ]
    return _render_header(
        get_language(),
        context.get("site_name", ""),
        tuple(categories),
        current.pk if current else None,
        current.tree_id if current else None,
        bool(context.get("is_home")),
        mark_safe(mark_gap(DATE)) if context.get("has_gaps") else _render_date(context),
    )


@fills(DATE, is_list=True)
def fill_date(gaps, parts):
    """Render the date, which changes at midnight, as lists do."""
    return dict.fromkeys(gaps, _render_date({}))


def _render_date(context):
    return _render_day(get_language(), context.get("today") or timezone.localdate())


@lru_cache(maxsize=16)
def _render_day(language, day):
    return render_macro(CHROME, "date", day)


@register.simple_tag(takes_context=True)
def footer(context):
    """Render the footer of a page: links, pages such as "about us". A page with gaps has one."""
    return mark_safe(mark_gap(FOOTER)) if context.get("has_gaps") else render_footer(context)


def render_footer(values):
    """Render the footer from the values that all templates have."""
    pages = tuple(map(tuple, values.get("footer_pages") or ()))
    today = values.get("today") or timezone.localdate()
    languages = tuple(getattr(title, "language", "") for title, _path in pages)  # texts are equal
    place = get_language(), languages
    return _render_footer(place, values.get("site_name", ""), pages, today.year)


@register.simple_tag(takes_context=True)
def base_links(context):
    """Render the links to styles, scripts, icons and feeds that every page has."""
    return _render_base_links(get_language(), context.get("site_name", ""))


@lru_cache(maxsize=256)
def _render_header(language, *values):
    return render_macro(CHROME, "header", *values)


@lru_cache(maxsize=16)
def _render_footer(place, *values):
    return render_macro(CHROME, "footer", *values)


@lru_cache(maxsize=16)
def _render_base_links(language, site_name):
    return render_macro(CHROME, "base_links", site_name)


def _build_page_links(page, query, key):
    pages = page.paginator
    previous = following = ""
    if page.has_previous():
        previous = _build_address(page.number - 1, query, key)
    if page.has_next():
        following = _build_address(page.number + 1, query, key)
    yield PageLink(pgettext("page", "Previous"), previous, rel="prev")
    for number in pages.get_elided_page_range(page.number, on_each_side=1, on_ends=1):
        if number == pages.ELLIPSIS:
            yield PageLink(number, is_far=True)
        else:
            yield PageLink(
                str(number),
                _build_address(number, query, key),
                is_current=number == page.number,
                is_far=abs(number - page.number) > 1,
            )
    yield PageLink(pgettext("page", "Next"), following, rel="next")


def _build_address(number, query, key):
    """Return the address of a page relative to that of its list; page one has no number."""
    parts = [query] if query else []
    if number > 1:
        parts.append(f"{key}={number}")
    return f"?{'&'.join(parts)}" if parts else "."
