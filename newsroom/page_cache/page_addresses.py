"""Which cached page a request asks for."""

from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.core.handlers.wsgi import get_bytes_from_wsgi, get_path_info
from django.http import QueryDict
from django.http.request import split_domain_port, validate_host
from django.urls import Resolver404, resolve

from articles.web.paging import read_integer, read_page_number
from comments.orders import ORDERS
from comments.thread_pages import ROOTS
from newsroom import redirects

ARTICLE_VIEW = "articles:detail"
LIST_VIEWS = {
    "home",
    "articles:author",
    "articles:category",
    "articles:guest",
    "articles:list",
    "articles:month",
    "articles:series",
    "articles:tag",
    "articles:year",
}
CACHED_VIEWS = {ARTICLE_VIEW, *LIST_VIEWS, "feeds", "articles:archive"}
REMEMBERED = 4_096  # addresses
# Requests with these headers go to Django, which validates them.
UNUSUAL = ("CONTENT_TYPE", "CONTENT_LENGTH", "HTTP_ORIGIN")


@dataclass(frozen=True, slots=True)
class PageAddress:
    """The address of a cached page. ``slug`` and ``order`` are those of an article's page, whose
    ``number`` may lie past the end of the thread. ``may_redirect``: the query names something
    that WordPress had there."""

    view: str
    arguments: tuple
    number: int
    slug: str = ""
    order: str = ""
    may_redirect: bool = False

    def build_key(self, last_number):
        """Return the cache key. ``last_number``: of the comments in the article's thread, so that
        all numbers past its end are one page; None: unknown."""
        number = self.number
        if self.slug and last_number is not None:
            number = max(1, min(number, -(-last_number // ROOTS)))
        return _build_key(settings.LANGUAGE_CODE, self, number)


def find_page_address(environ):
    """Return the address of the cached page that a GET or HEAD asks for, or None."""
    if environ["REQUEST_METHOD"] not in {"GET", "HEAD"} or any(map(environ.get, UNUSUAL)):
        return None
    if settings.SECURE_SSL_REDIRECT and environ["wsgi.url_scheme"] != "https":
        return None
    host = environ.get("HTTP_HOST") or environ["SERVER_NAME"]  # HTTP/1.0 may name none
    if host not in settings.ALLOWED_HOSTS and not _is_allowed(host, tuple(settings.ALLOWED_HOSTS)):
        return None
    return _parse(environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", ""))


def find_redirect(environ):
    """Return where the query of the front page redirects to, or None. One query or more."""
    return redirects.resolve_query(_read_query(environ["QUERY_STRING"]))


@lru_cache(64)
def _is_allowed(host, allowed):
    domain, _port = split_domain_port(host)
    return bool(domain) and validate_host(domain, allowed)


@lru_cache(REMEMBERED)
def _parse(path, query):
    """Return the address that a path and a query, both as WSGI has them, name without any data."""
    path = get_path_info({"PATH_INFO": path})
    if "\0" in path or "%00" in query:
        return None
    try:
        match = resolve(path)
        parameters = _read_query(query)
    except (Resolver404, SuspiciousOperation):  # Django refuses too many parameters
        return None
    if match.view_name not in CACHED_VIEWS:
        return None
    arguments = tuple(sorted(match.kwargs.items()))
    if match.view_name == ARTICLE_VIEW:
        order = parameters.get("order")
        return PageAddress(
            match.view_name,
            arguments,
            read_page_number(parameters),
            slug=match.kwargs["slug"],
            order=order if order in ORDERS else "old",
        )
    number = "1"
    if match.view_name in LIST_VIEWS:
        number = parameters.get("page", "1")
        if number != str(read_integer(number, digits=6)):
            return None
    may_redirect = match.view_name == "home" and redirects.names_old_address(parameters)
    return PageAddress(match.view_name, arguments, int(number), may_redirect=may_redirect)


def _read_query(query):
    return QueryDict(get_bytes_from_wsgi({"QUERY_STRING": query}, "QUERY_STRING", ""))


@lru_cache(REMEMBERED)
def _build_key(language, address, number):
    parts = (language, address.view, address.arguments, address.order, number)
    return f"page:{sha256(repr(parts).encode()).hexdigest()}"
