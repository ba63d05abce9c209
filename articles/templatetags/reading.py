"""Tags of the pages that readers see: pictures, rankings, share links and page numbers."""

import re
from dataclasses import dataclass
from numbers import Integral
from urllib.parse import quote, urlencode

from django import template
from django.utils.formats import date_format
from django.utils.html import escape, format_html
from django.utils.safestring import mark_safe
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext, pgettext

from articles import reads
from articles.renditions import ROW
from articles.web.addresses import build_absolute_url

register = template.Library()

DIGITS = "0-9〇一二三四五六七八九十百千万"
NUMBER = re.compile(f"[{DIGITS}]+(?:[・.,][{DIGITS}]+)+")
JAPANESE = re.compile("[\u3041-\u30ff\u4e00-\u9fff]")

AVIF = '<source type="image/avif" srcset="{}">'
AVIF_IN_SIZES = '<source type="image/avif" srcset="{}" sizes="{}">'


class Count(int):
    """A number of things, shown with commas: 1,000. It still counts (for plurals too)."""

    def __str__(self):
        return f"{self:,d}"


@register.filter
def counted(number):
    """Return a number so that it is shown with commas. Ids and numbers of comments stay plain."""
    return Count(number) if isinstance(number, Integral) else number


@register.filter
def lang(text):
    """Return the attribute for an element with a Japanese text on a page that is in another
    language: browsers then break its lines, and voices read it, as Japanese."""
    is_foreign = get_language() != "ja" and JAPANESE.search(str(text))
    return mark_safe(' lang="ja"') if is_foreign else ""


@register.filter
def when(moment):
    """Return a time as lists show it: with its year if that is another one."""
    return _in_year(moment, gettext("j M, H:i"), gettext("j M Y, H:i"))


@register.filter
def briefly(moment):
    """Return a time as the head of a comment shows it, in few characters."""
    return _in_year(moment, gettext("j M H:i"), gettext("j M Y H:i"))


def _in_year(moment, of_this, of_another):
    here, now = localtime(moment), localtime()
    return date_format(here, of_this if here.year == now.year else of_another)


@register.filter
def headline(title):
    """Return a title whose lines break first where its writer put a space, and in no number
    (一・二メートル). For headlines with room, where nothing is cut off."""
    number = r'<span class="headline__number">\g<0></span>'
    parts = [NUMBER.sub(number, escape(part)) for part in title.split(" ")]
    if len(parts) > 1:
        parts = [f'<span class="headline__part">{part}</span>' for part in parts]
    return mark_safe(" ".join(parts))


@register.simple_tag
def row_image(file, **attributes):
    """Show a file of the library as the small 3:2 picture of a row; it says nothing new there."""
    small = getattr(file.image_file, "row_avif", "")
    return format_html(
        '<picture>{}<img class="{}" src="{}" alt="" width="{}" height="{}" loading="lazy"'
        ' decoding="async"></picture>',
        format_html(AVIF, small) if small else "",
        attributes["class"],
        file.image_file.row,
        *ROW,
    )


@register.simple_tag
def lead_image(file, *, sizes, **attributes):
    """Show a file of the library as the large picture that a page opens with."""
    avif = file.build_srcset("avif")
    return format_html(
        '<picture>{}<img class="{}" src="{}" srcset="{}" sizes="{}" alt="{}" width="{}"'
        ' height="{}" fetchpriority="high"></picture>',
        format_html(AVIF_IN_SIZES, avif, sizes) if avif else "",
        attributes["class"],
        file.image_file.w960,
        file.build_srcset("webp"),
        sizes,
        file.image_alt_text,
        file.image_width,
        file.image_height,
    )


@dataclass(frozen=True, slots=True)
class Ranking:
    label: str
    articles: list


@register.simple_tag
def most_read():
    """Return the rankings of the articles most read, without those that are empty. One query."""
    labels = {"day": pgettext("most read", "24 hours"), "week": pgettext("most read", "7 days")}
    return [
        Ranking(labels[period], articles)
        for period, articles in reads.load_rankings().items()
        if articles
    ]


@dataclass(frozen=True, slots=True)
class ShareLink:
    name: str
    href: str


@register.simple_tag
def share_links(article):
    """Return the links by which an article is passed on: plain ones, nothing of others is
    loaded."""
    address = build_absolute_url(article.get_absolute_url())
    scheme, _separator, rest = address.partition("://")
    entry = f"{'s/' if scheme == 'https' else ''}{rest}"
    of_x = urlencode({"url": address, "text": article.title}, quote_via=quote)
    return [
        ShareLink("X", f"https://x.com/intent/post?{of_x}"),
        ShareLink(gettext("Hatena Bookmark"), f"https://b.hatena.ne.jp/entry/{entry}"),
        ShareLink(
            "LINE",
            f"https://social-plugins.line.me/lineit/share?{urlencode({'url': address})}",
        ),
    ]


@dataclass(frozen=True, slots=True)
class PageLink:
    """A place in the row of page numbers. ``href`` is empty where it leads nowhere."""

    label: str
    href: str = ""
    rel: str = ""
    is_current: bool = False
    is_far: bool = False


@register.inclusion_tag("includes/_pagination.html")
def pagination(page, query=""):
    """Show the pages around one, the first and the last; nothing where there is only one.
    ``query`` is what the addresses of all pages ask for too."""
    return {"links": list(page_links(page, query)) if page.has_other_pages() else []}


def page_links(page, query=""):
    pages = page.paginator
    previous = page.number - 1 if page.has_previous() else None
    following = page.number + 1 if page.has_next() else None
    yield PageLink(
        pgettext("page", "Previous"), _address(previous, query), rel="prev" if previous else ""
    )
    for number in pages.get_elided_page_range(page.number, on_each_side=1, on_ends=1):
        if number == pages.ELLIPSIS:
            yield PageLink(number, is_far=True)
        else:
            yield PageLink(
                str(number),
                _address(number, query),
                is_current=number == page.number,
                is_far=abs(number - page.number) > 1,
            )
    yield PageLink(
        pgettext("page", "Next"), _address(following, query), rel="next" if following else ""
    )


def _address(number, query):
    """Return the address of a page, relative to the list's own; the first has no parameter."""
    if number is None:
        return ""
    if number == 1:
        return f"?{query}" if query else "."
    return f"?{query}&page={number}" if query else f"?page={number}"
