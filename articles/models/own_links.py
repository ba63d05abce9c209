"""Links in a body that lead to an address of this site which nothing answers."""

from urllib.parse import unquote, urljoin, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousOperation
from django.core.files.storage import default_storage
from django.urls import Resolver404, resolve
from taggit.models import Tag

from articles.models.category import Category
from articles.models.redirect import Redirect, hash_path, normalize_path
from articles.web.html import parse_html

ARTICLE, STAFF = "articles:detail", "admin"
KINDS = {
    "articles:category": "category",
    "articles:category_rss": "category",
    "articles:category_atom": "category",
    "articles:tag": "tag",
    "articles:tag_rss": "tag",
    "articles:tag_atom": "tag",
    "articles:guest": "guest",
    "articles:guest_rss": "guest",
    "articles:guest_atom": "guest",
    "articles:series": "series",
    "articles:series_rss": "series",
    "articles:series_atom": "series",
    "articles:author": "author",
    "articles:author_rss": "author",
    "articles:author_atom": "author",
    ARTICLE: "article",
}


def find_dead_links(article, at):
    """Return the addresses in the body of an article that nobody answers at a given moment.

    Only addresses of this site count. Pages of the staff answer no reader. At most five queries.
    """
    paths = {}
    base = urljoin(settings.SITE_URL + "/", article.get_absolute_url())
    for href in parse_html(article.body).xpath(".//a/@href"):
        path = find_own_path(href, base)
        if path and path != article.get_absolute_url():
            paths[href] = path
    named = {path: _name_target(path) for path in paths.values()}
    existing = _find_existing(article, set(named.values()), at)
    unknown = {path for path, target in named.items() if target not in existing}
    redirected = _find_redirected(unknown, at) if unknown else set()
    return [href for href, path in paths.items() if path in unknown - redirected]


def find_own_path(href, base):
    """Return the path and query of an address of this site; None for others and for anchors."""
    if href.startswith("#"):
        return None
    try:
        address, site = urlsplit(urljoin(base, href.strip())), urlsplit(settings.SITE_URL)
    except ValueError:
        return None
    if address.scheme not in {"http", "https"} or address.netloc != site.netloc:
        return None
    return (address.path or "/") + (f"?{address.query}" if address.query else "")


def _name_target(path):
    """Return what a path names, as (kind, key): ("page", "") for pages that always answer."""
    plain = unquote(path.partition("?")[0])
    for prefix, kind in ((settings.MEDIA_URL, "media"), (settings.STATIC_URL, "static")):
        if plain.startswith(prefix):
            return kind, plain.removeprefix(prefix)
    for form in (plain, f"{plain}/"):
        try:
            match = resolve(form)
        except Resolver404:
            continue
        if match.app_name == STAFF or STAFF in match.route.split("/"):
            return "nothing", path
        kind = KINDS.get(match.view_name)
        return (kind, next(iter(match.kwargs.values()))) if kind else ("page", "")
    return "redirect", path


def _find_existing(article, targets, at):
    """Return those targets that answer, with a query for each kind. Series, authors and guests do
    once a listed article has them, which this one may be."""
    articles, is_listed = type(article).objects, article.kind == article.Kind.ARTICLE
    keys = {}
    for kind, key in targets:
        keys.setdefault(kind, set()).add(key)
    listed = articles.listed(at)
    if is_listed:
        listed |= articles.filter(pk=article.pk)
    queries = {
        "article": (articles.reachable(at), "slug"),
        "category": (Category.objects.all(), "slug"),
        "series": (listed.series(), "slug"),
        "tag": (Tag.objects.all(), "slug"),
        "author": (listed.authors(), "pk"),
        "guest": (listed.guests(), "slug"),
    }
    existing = {("page", "")}
    if is_listed:  # as it is about to be saved
        existing |= {("author", article.author_id)}
        existing |= {("series", article.series.slug)} if article.series else set()
    for kind, (rows, field) in queries.items():
        if kind in keys:
            rows = rows.order_by().filter(**{f"{field}__in": keys[kind]})
            existing |= {(kind, key) for key in rows.values_list(field, flat=True)}
    existing |= {("media", name) for name in keys.get("media", ()) if _is_stored(name)}
    return existing | {("static", name) for name in keys.get("static", ()) if finders.find(name)}


def _is_stored(name):
    try:
        return default_storage.exists(name)
    except (SuspiciousOperation, ValueError, OSError):
        return False


def _find_redirected(paths, at):
    """Return those paths that redirect to something that answers."""
    hashes = {hash_path(normalize_path(path)): path for path in paths}
    redirects = Redirect.objects.filter(path_hash__in=hashes).select_related(
        "article", "category", "tag"
    )
    return {hashes[each.path_hash] for each in redirects if each.answers(at)}
