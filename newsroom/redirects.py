"""Answers for addresses that moved."""

from urllib.parse import quote

from django.http import HttpResponsePermanentRedirect

from newsroom import old_addresses


class RedirectMiddleware:
    """Answer 301 where nothing else answers, and for WordPress's ``/?p=123``."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path == "/" and request.GET:
            moved = self.moved(request)
            if moved:
                return moved
        response = self.get_response(request)
        if response.status_code == 404 and request.path != "/":
            return self.moved(request) or response
        return response

    def moved(self, request):
        """Return the redirect of a GET or HEAD for an old address, or None."""
        if request.method not in {"GET", "HEAD"}:
            return None
        destination = old_addresses.destination(request.path, request.GET)
        if not destination or quote(destination, safe="/%?=&#:") == quote(request.path):
            return None
        return HttpResponsePermanentRedirect(destination)
