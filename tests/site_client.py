"""Lets the requests of the tests take the way of the server's: through the page cache."""

from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpResponse
from django.test import client, testcases
from django.test.client import ClientHandler

from articles import lookup
from articles.web import editions
from newsroom.page_cache import application, cached_page, page_store
from newsroom.page_cache.application import PageCache


class SiteHandler(ClientHandler):
    """The handler of a test client. Each client is like a process of its own: what it remembers
    of pages and versions is its own."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._page_cache = PageCache(self._run_django)

    def __call__(self, environ):
        started, passed = [], []
        environ["tests.passed"] = passed
        chunks = self._page_cache(environ, lambda *start: started.append(start))
        if passed and passed[-1].chunks is chunks:
            return passed[-1]
        [(status, headers)] = started
        code, _space, reason = status.partition(" ")
        response = HttpResponse(b"".join(chunks), status=int(code), reason=reason)
        del response["Content-Type"]
        for name, value in headers:
            response[name] = value
        response.wsgi_request = passed[-1].wsgi_request if passed else None
        return response

    def _run_django(self, environ, start_response):
        response = super().__call__(environ)
        lines = list(response.items())
        lines += [("Set-Cookie", morsel.OutputString()) for morsel in response.cookies.values()]
        start_response(f"{response.status_code} {response.reason_phrase}", lines)
        response.chunks = [] if response.streaming else [response.content]
        environ["tests.passed"].append(response)
        return response.chunks


def route_through_page_cache():
    """Let test clients and live servers answer from the page cache."""
    client.ClientHandler = SiteHandler
    testcases.WSGIHandler = lambda: PageCache(WSGIHandler())


def set_clock(monkeypatch, clock):
    """Let the page cache read the time from a function."""
    for module in (application, cached_page, page_store, editions, lookup):
        monkeypatch.setattr(module, "time", clock)
