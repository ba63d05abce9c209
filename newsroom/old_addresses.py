"""Addresses that every WordPress site has and that no import needs to write down: archives by
date, feeds, further pages of a list or an article, the search, sitemaps.

The forms are those of WordPress's rewrite rules and public query variables.
"""

import re
from urllib.parse import urlencode

from django.urls import reverse

from articles.models import Redirect
from articles.models.redirect import normalised

# Every post, page and attachment has an id from one row of numbers.
ID_PARAMETERS = ("p", "page_id", "attachment_id")
NAME_PARAMETERS = {"tag": "tag", "category_name": "category", "author_name": "author"}
SITEMAPS = {"/wp-sitemap.xml", "/sitemap_index.xml"}
DATE = re.compile(r"/([12]\d{3})(?:/(0[1-9]|1[0-2])(?:/(?:0[1-9]|[12]\d|3[01]))?)?", re.ASCII)
MOMENT = re.compile(r"([12]\d{3})(?:(0[1-9]|1[0-2])\d*)?", re.ASCII)
FEED = re.compile(r"(.*)/feed(?:/(atom|rss|rss2|rdf))?")
PAGE = re.compile(r"(.*)/page/\d+", re.ASCII)
PART = re.compile(r"(.+)/(?:amp|embed|trackback|\d+)", re.ASCII)


def row_of(path, query):
    """Return the path under which a request stands among the redirects, or None."""
    if path != "/":
        return path
    for name in ID_PARAMETERS:
        if _is_id(query.get(name, "")):
            return f"/?{urlencode({'p': query[name]})}"
    for name in ("cat", "author"):
        if _is_id(query.get(name, "")):
            return f"/?{urlencode({name: query[name]})}"
    for name, folder in NAME_PARAMETERS.items():
        if query.get(name):
            return f"/{folder}/{query[name]}"
    return None


def destination(path, query):
    """Return the address here that an old one leads to, or None. ``path`` is decoded, ``query``
    a QueryDict."""
    row = row_of(path, query)
    if path == "/":
        return _of_query(row, query)
    redirect = Redirect.objects.for_path(row)
    return redirect.destination if redirect else _of_path(normalised(path))


def _of_query(row, query):
    if "s" in query:
        return f"{reverse('search')}?{urlencode({'q': query['s']})}"
    redirect = row and Redirect.objects.for_path(row)
    if query.get("feed"):
        kind = query["feed"]
        if kind.startswith("comments-"):
            return reverse("comments:feed")
        return _feed(redirect, kind) if redirect or not row else None
    if redirect:
        return redirect.destination
    date = MOMENT.fullmatch(query.get("m", ""))
    return _archive(*date.groups()) if date else None


def _of_path(path):
    if path in SITEMAPS:
        return reverse("sitemaps")
    if date := DATE.fullmatch(path):
        return _archive(*date.groups())
    if feed := FEED.fullmatch(path):
        base, kind = feed.groups()
        if base in {"", "/comments"}:
            return reverse("comments:feed") if base else _feed(None, kind)
        redirect = Redirect.objects.for_path(base)
        return _feed(redirect, kind) if redirect else None
    if page := PAGE.fullmatch(path):
        return _of_list(page[1])
    if part := PART.fullmatch(path):
        redirect = Redirect.objects.for_path(part[1])
        return redirect.destination if redirect else None
    return None


def _of_list(path):
    """Return the first page of what was a list there: others were cut differently."""
    if not path:
        return "/"
    if date := DATE.fullmatch(path):
        return _archive(*date.groups())
    redirect = Redirect.objects.for_path(path)
    return redirect.destination if redirect else None


def _archive(year, month):
    if month:
        return reverse("articles:month", args=[year, month])
    return reverse("articles:year", args=[year])


def _feed(redirect, kind):
    """Return the feed of what a redirect leads to; of the site where there is none."""
    form = "atom" if kind == "atom" else "rss"
    if redirect is None:
        return reverse(f"articles:site_{form}")
    if redirect.article_id:
        return reverse("comments:thread_feed", args=[redirect.article_id])
    return f"{redirect.destination}feed/{'atom/' if form == 'atom' else ''}"


def _is_id(text):
    return text.isascii() and text.isdigit()
