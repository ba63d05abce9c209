"""Redirects for addresses that moved, and for those that every WordPress site has.

An import records the addresses of posts, terms and authors. Addresses that follow a rule are
resolved here: date archives, feeds, further pages, the search, sitemaps. Their forms are those of
WordPress's rewrite rules and public query variables.
"""

import re
from urllib.parse import quote, urlencode

from django.http import HttpResponsePermanentRedirect
from django.urls import reverse

from articles.models import Redirect
from articles.models.redirect import normalize_path
from articles.web.paging import read_integer

# Posts, pages and attachments share one sequence of ids.
ID_PARAMETERS = {"p": "p", "page_id": "p", "attachment_id": "p", "cat": "cat", "author": "author"}
NAME_PARAMETERS = {"tag": "tag", "category_name": "category", "author_name": "author"}
OLD_PARAMETERS = {*ID_PARAMETERS, *NAME_PARAMETERS, "feed", "m", "s"}
SITEMAPS = {"/wp-sitemap.xml", "/sitemap_index.xml"}
DATE = re.compile(r"/([12]\d{3})(?:/(0[1-9]|1[0-2])(?:/(?:0[1-9]|[12]\d|3[01]))?)?", re.ASCII)
QUERY_DATE = re.compile(r"([12]\d{3})(?:(0[1-9]|1[0-2])\d*)?", re.ASCII)
FEED = re.compile(r"(.*)/feed(?:/(atom|rss|rss2|rdf))?")
LIST_PAGE = re.compile(r"(.*)/page/\d+", re.ASCII)
PART = re.compile(r"(.+)/(?:amp|embed|trackback|\d+)", re.ASCII)


class RedirectMiddleware:
    """Redirect (301) instead of a 404, and for queries of the front page (``/?p=123``)."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path == "/" and (destination := find_destination(request)):
            return HttpResponsePermanentRedirect(destination)
        response = self.get_response(request)
        if response.status_code == 404 and (destination := find_destination(request)):
            return HttpResponsePermanentRedirect(destination)
        return response


def find_destination(request):
    """Return the address of this site that a GET or HEAD redirects to, or None."""
    if request.method not in {"GET", "HEAD"}:
        return None
    if request.path == "/":
        destination = resolve_query(request.GET) if request.GET else None
    else:
        redirect = Redirect.objects.for_path(request.path)
        destination = (
            redirect.destination if redirect else _resolve_path(normalize_path(request.path))
        )
    if not destination or quote(destination, safe="/%?=&#:") == quote(request.path):
        return None
    return destination


def names_old_address(query):
    """Return whether a query of the front page may name something that WordPress had there."""
    return not OLD_PARAMETERS.isdisjoint(query)


def resolve_query(query):
    """Return the address that a query of the front page redirects to, or None."""
    if "s" in query:
        return f"{reverse('search')}?{urlencode({'q': query['s']})}"
    path = _find_recorded_path(query)
    redirect = path and Redirect.objects.for_path(path)
    if kind := query.get("feed"):
        if kind.startswith("comments-"):
            return reverse("comments:feed")
        return _build_feed_path(redirect, kind) if redirect or not path else None
    if redirect:
        return redirect.destination
    date = QUERY_DATE.fullmatch(query.get("m", ""))
    return _build_archive_path(*date.groups()) if date else None


def _find_recorded_path(query):
    """Return the path under which an import records the object that a query names, or None."""
    for name, recorded_name in ID_PARAMETERS.items():
        if (number := read_integer(query.get(name, ""))) is not None:
            return f"/?{recorded_name}={number}"
    for name, folder in NAME_PARAMETERS.items():
        if query.get(name):
            return f"/{folder}/{query[name]}"
    return None


def _resolve_path(path):
    if path in SITEMAPS:
        return reverse("sitemaps")
    page = LIST_PAGE.fullmatch(path)  # lists here have other page breaks: their first page
    if page and not page[1]:
        return "/"
    if date := DATE.fullmatch(page[1] if page else path):
        return _build_archive_path(*date.groups())
    if feed := FEED.fullmatch(path):
        base, kind = feed.groups()
        if base == "/comments":
            return reverse("comments:feed")
        redirect = base and Redirect.objects.for_path(base)
        return _build_feed_path(redirect, kind) if redirect or not base else None
    if whole := page or PART.fullmatch(path):
        redirect = Redirect.objects.for_path(whole[1])
        return redirect.destination if redirect else None
    return None


def _build_archive_path(year, month):
    if month:
        return reverse("articles:month", args=[year, month])
    return reverse("articles:year", args=[year])


def _build_feed_path(redirect, kind):
    """Return the path of the feed of a redirect's target, or of the whole site without one."""
    form = "atom" if kind == "atom" else "rss"
    if not redirect:
        return reverse(f"articles:site_{form}")
    if redirect.article_id:
        return reverse("comments:thread_feed", args=[redirect.article_id])
    return f"{redirect.destination}feed/{'atom/' if form == 'atom' else ''}"
