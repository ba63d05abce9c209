"""Finds the article that an address of the old site belongs to.

Addresses of this site, the redirects of an import and the rules for old addresses decide; at the
end, as WordPress does, the last part of the path if it is the slug of an article.
"""

import re
from dataclasses import dataclass

from django.conf import settings
from django.http import QueryDict
from django.urls import Resolver404, resolve

from articles.models import Article, Redirect
from articles.models.redirect import normalize_path
from newsroom import redirects
from newsroom.importing.old_urls import read_host, split_url

INDEX_FILE = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?)", re.IGNORECASE)
ENDING = re.compile(r"\.(?:html?|php|aspx?)", re.IGNORECASE)
LONGEST = 2_000  # characters of an address


@dataclass(frozen=True, slots=True)
class FoundArticle:
    """``is_guess``: no redirect knows the address, only its end names the article."""

    article_id: int
    is_guess: bool = False


class ArticleLookup:
    """Finds articles of any state. With ``site_hosts``, addresses of other hosts have none."""

    def __init__(self, site_hosts=()):
        hosts = (*site_hosts, settings.SITE_URL) if site_hosts else ()
        self._hosts = {read_host(host if "//" in host else f"//{host}") for host in hosts}

    def is_foreign(self, url):
        """Whether an address has a host that is not one of the old site's."""
        host = read_host(url)
        return bool(self._hosts and host and host not in self._hosts)

    def find(self, url):
        """Return the ``FoundArticle`` of an address, which may be a path alone, or None."""
        url = url.strip()
        if not url or len(url) > LONGEST or self.is_foreign(url):
            return None
        parts = split_url(url)
        path = normalize_path(parts.path)
        if file := INDEX_FILE.search(path, path.rfind("/")):
            path = path[: file.start()] if file.end() == len(path) else path
        path, query = path or "/", QueryDict(parts.query)
        for find in (_find_own, _find_recorded, _find_by_rule):
            if article_id := find(path, query):
                return FoundArticle(article_id)
        article_id = _find_by_end(path)
        return FoundArticle(article_id, is_guess=True) if article_id else None


def _find_own(path, query):
    """Return the id of the article whose address on this site a path is, or None."""
    try:
        match = resolve(f"{path.rstrip('/')}/")
    except Resolver404:
        return None
    if match.view_name != "articles:detail":
        return None
    return _find_by_slug(match.kwargs["slug"])


def _find_recorded(path, query):
    """Return the id of the article that a redirect leads to, also if it is not public."""
    for form in _list_recorded_forms(path, query):
        redirect = Redirect.objects.for_path(form)
        if redirect and redirect.article_id:
            return redirect.article_id
    return None


def _list_recorded_forms(path, query):
    """Yield the forms under which an import may have recorded an address."""
    if recorded := redirects.find_recorded_path(query):
        base = path.removesuffix(redirects.INDEX).rstrip("/")
        yield from dict.fromkeys([f"{base}{recorded}", recorded])
    if path != "/":
        yield from redirects.list_forms(path)


def _find_by_rule(path, query):
    """Return the id of the article that this site redirects an address to, or None."""
    if path == "/":
        destination = redirects.resolve_query(query) if query else None
    else:
        destination = redirects.resolve_path(path, query)
    return _find_own(normalize_path(split_url(destination).path), query) if destination else None


def _find_by_end(path):
    """Return the id of the article whose slug is the last part of a path, or None."""
    segments = path.strip("/").split("/")
    slug = ENDING.sub("", segments[-1])
    if not slug or slug.isdecimal() or segments[0] in redirects.BEGINNINGS:
        return None
    return _find_by_slug(slug)


def _find_by_slug(slug):
    return Article.objects.filter(slug=slug).values_list("pk", flat=True).first()
