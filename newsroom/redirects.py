"""Redirects for addresses that moved, and for those that every WordPress site has.

An import records the addresses of posts, terms and authors. Addresses that follow a rule are
resolved here: date archives, feeds, further pages, the search, sitemaps. Their forms are those of
WordPress's rewrite rules and public query variables.
"""

import re
from functools import cache
from urllib.parse import quote, urlencode

from django.http import HttpResponsePermanentRedirect
from django.urls import get_resolver, reverse

from articles.models import Article, Redirect
from articles.models.redirect import normalize_path
from articles.web.paging import read_integer

# Posts, pages and attachments share one sequence of ids.
ID_PARAMETERS = {"p": "p", "page_id": "p", "attachment_id": "p", "cat": "cat", "author": "author"}
NAME_PARAMETERS = {
    "tag": "tag",
    "category_name": "category",
    "author_name": "author",
    "series": "series",
}
SLUG_PARAMETERS = ("name", "pagename")
OLD_PARAMETERS = {
    *ID_PARAMETERS,
    *NAME_PARAMETERS,
    *SLUG_PARAMETERS,
    *("feed", "m", "s", "year", "monthnum", "sitemap", "sitemap-index"),
}
SITEMAP = re.compile(r"/(?:wp-)?sitemap(?:[_-][\w-]*+)?\.xml(?:\.gz)?|/[\w-]++\.xml", re.ASCII)
SITEMAP_PART = re.compile(r"/[a-z0-9_]++-sitemap\d*+", re.ASCII)
DATE = re.compile(
    r"(?:/date)?/([12]\d{3})(?:/(0[1-9]|1[0-2])(?:/(?:0[1-9]|[12]\d|3[01]))?)?", re.ASCII
)
QUERY_DATE = re.compile(r"([12]\d{3})(?:(0[1-9]|1[0-2])\d*)?", re.ASCII)
FEED = re.compile(r"(.*)(?:/feed(?:/(atom|rss|rss2|rdf))?|(?<!/feed)/rss)")
LIST_PAGE = re.compile(r"(.*)/page/\d+", re.ASCII)
PART = re.compile(r"(.+)/(?:amp|embed|trackback|\d+)", re.ASCII)
SEARCH = re.compile(r"/search/([^/]++)(?:/.*)?", re.DOTALL)
SIZED = re.compile(
    r"(.+?)(?:-\d{1,5}x\d{1,5}|-scaled|-rotated|-e\d{10,13}){1,3}(\.[A-Za-z0-9]{2,5})"
)
FILE = re.compile(r"(.+)(\.[A-Za-z0-9]{2,5})")
DATED = re.compile(r"(?:/[^/]++)*?/([12]\d{3})/(0[1-9]|1[0-2])(?:/\d\d)?/([^/]++)", re.ASCII)
# Files of WordPress that answer for the whole site.
FEEDS = {"/rss": "rss", "/rss2": "rss", "/rdf": "rss", "/atom": "atom", "/wp-atom.php": "atom"} | {
    f"/wp-{name}.php": "rss" for name in ("feed", "rss", "rss2", "rdf")
}
LOGINS = {"/wp-login.php", "/wp-admin", "/wp-register.php", "/wp-signup.php", "/ghost"}
INDEX = "/index.php"
# What begins the rest of an address after the front of the permalinks (``/archives``).
BEGINNINGS = {"category", "tag", "author", "date", "series", "search"}
MOST_SEGMENTS = 12
SHORTEST_GUESS = 4  # characters of a slug that may be the beginning of another


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
        path = normalize_path(request.path)
        destination = resolve_path(path, request.GET) or _guess_article(path)
    if not destination or quote(destination, safe="/%?=&#:") == quote(request.path):
        return None
    return destination


def resolve_path(path, query):
    """Return the address that a normalized path redirects to by a record or a rule, or None."""
    destination = None
    if query and names_old_address(query):
        destination = resolve_query(query, path.removesuffix(INDEX))
    return destination or _resolve_forms(path)


def names_old_address(query):
    """Return whether a query of the front page may name something that WordPress had there."""
    return not OLD_PARAMETERS.isdisjoint(query)


def resolve_query(query, base=""):
    """Return the address that a query of the front page redirects to, or None.

    ``base`` is the folder of a blog whose front page it is.
    """
    if "s" in query:
        return f"{reverse('search')}?{urlencode({'q': query['s']})}"
    path = find_recorded_path(query)
    redirect = path and _find_redirect(f"{base}{path}", path)
    if kind := query.get("feed"):
        if kind.startswith("comments-"):
            return reverse("comments:feed")
        return _build_feed_path(redirect, kind) if redirect or not path else None
    if redirect:
        return redirect.destination
    if slug := next((query[name] for name in SLUG_PARAMETERS if query.get(name)), ""):
        return _guess_article(normalize_path(slug))
    if "sitemap" in query or "sitemap-index" in query:
        return reverse("sitemaps")
    date = QUERY_DATE.fullmatch(query.get("m") or _join_date(query))
    return _build_archive_path(*date.groups()) if date else None


def _join_date(query):
    """Return ``year`` and ``monthnum`` of a query in the form of ``m``."""
    month = query.get("monthnum", "")
    return query.get("year", "") + (f"{int(month):02}" if read_integer(month) else "")


def _find_redirect(*paths):
    """Return the first redirect from some paths, or None."""
    for path in dict.fromkeys(paths):
        if redirect := Redirect.objects.for_path(path):
            return redirect
    return None


def find_recorded_path(query):
    """Return the path under which an import records the object that a query names, or None."""
    for name, recorded_name in ID_PARAMETERS.items():
        if (number := read_integer(query.get(name, ""))) is not None:
            return f"/?{recorded_name}={number}"
    for name, folder in NAME_PARAMETERS.items():
        if query.get(name):
            return f"/{folder}/{query[name]}"
    return None


def _resolve_forms(path):
    """Return the destination of a path, or of a form of it without the front of permalinks."""
    for form in list_forms(path):
        redirect = Redirect.objects.for_path(form)
        destination = redirect.destination if redirect else _resolve_path(form)
        if destination:
            return destination
    return None


def list_forms(path):
    """Return the forms under which an import may have recorded a path, or a rule know it."""
    forms = [path]
    if path.startswith(f"{INDEX}/"):
        forms.append(path := path.removeprefix(INDEX))
    segments = path.strip("/").split("/")
    if len(segments) > MOST_SEGMENTS or segments[0] in _list_own_beginnings():
        return forms
    place = next((at for at, each in enumerate(segments) if at and _begins_rest(segments, at)), 0)
    for kept in range(place - 1, -1, -1):
        forms.append("/" + "/".join([*segments[:kept], *segments[place:]]))
    return forms


def _begins_rest(segments, place):
    return segments[place] in BEGINNINGS or bool(DATE.fullmatch("/" + "/".join(segments[place:])))


def _resolve_path(path):
    if SITEMAP.fullmatch(path):
        return reverse("sitemaps") if _names_sitemap(path) else None
    if path in LOGINS or path.startswith(("/wp-admin/", "/ghost/")):
        return reverse("admin:login")
    if path.endswith(INDEX):
        folder = path.removesuffix(INDEX)
        redirect = folder and Redirect.objects.for_path(folder)
        return redirect.destination if redirect else None if folder else "/"
    if path in FEEDS:
        return _build_feed_path(None, FEEDS[path])
    if path == "/wp-commentsrss2.php":
        return reverse("comments:feed")
    if search := SEARCH.fullmatch(path):
        return f"{reverse('search')}?{urlencode({'q': search[1].replace('+', ' ')})}"
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
    return _resolve_file(path)


def _names_sitemap(path):
    """Whether a path ending in .xml is one of WordPress's or its plugins' sitemaps."""
    stem = path.partition(".")[0]
    return "/sitemap" in stem or "/wp-sitemap" in stem or bool(SITEMAP_PART.fullmatch(stem))


def _resolve_file(path):
    """Return the address of the file of which a path names a size, or the original."""
    if sized := SIZED.fullmatch(path):
        redirect = _find_redirect(f"{sized[1]}{sized[2]}", f"{sized[1]}-scaled{sized[2]}")
    elif file := FILE.fullmatch(path):
        redirect = _find_redirect(f"{file[1]}-scaled{file[2]}")
    else:
        redirect = None
    return redirect.destination if redirect else None


def _guess_article(path):
    """Return the address of the article whose slug ends a path, as WordPress guesses it.

    With the wrong date, or none, the slug may also be the beginning of one; then the month
    decides, if the path names one.
    """
    segments = path.strip("/").split("/")
    slug = segments[-1].removesuffix(".html")
    if not slug or segments[0] in _list_own_beginnings() or slug.isdecimal():
        return None
    articles = Article.objects.published()
    article = articles.filter(slug=slug).first()
    if article is None and len(slug) >= SHORTEST_GUESS:
        dated = DATED.fullmatch(path)
        dates = {"published_at__year": dated[1], "published_at__month": dated[2]} if dated else {}
        article = articles.with_slug_prefix(slug).filter(**dates).first()
    return article and article.get_absolute_url()


@cache
def _list_own_beginnings():
    """Return the first segments of the addresses of this site, below which nothing is guessed."""
    routes = (route.lstrip("^").partition("/")[0] for route in _list_routes(get_resolver()))
    return {segment for segment in routes if segment and not re.search(r"[<(\\]", segment)}


def _list_routes(resolver, prefix=""):
    for each in resolver.url_patterns:
        route = prefix + str(each.pattern)
        if hasattr(each, "url_patterns"):
            yield from _list_routes(each, route)
        else:
            yield route


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
    if not redirect.destination.endswith("/"):  # a file
        return redirect.destination
    return f"{redirect.destination}feed/{'atom/' if form == 'atom' else ''}"
