"""Answers for addresses that moved."""

from urllib.parse import quote, urlencode

from django.http import HttpResponsePermanentRedirect

from articles.models import Redirect

# WordPress gives posts, pages and attachments ids from one row of numbers.
ID_PARAMETERS = ("p", "page_id", "attachment_id")


def old_path(request):
    """Return the path under which a request may stand among the redirects, or None."""
    if request.path != "/":
        return request.path
    for name in ID_PARAMETERS:
        if request.GET.get(name, "").isdigit():
            return f"/?{urlencode({'p': request.GET[name]})}"
    if request.GET.get("cat", "").isdigit():
        return f"/?{urlencode({'cat': request.GET['cat']})}"
    return None


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
        path = old_path(request)
        redirect = path and Redirect.objects.for_path(path)
        destination = redirect and redirect.destination
        if not destination or quote(destination, safe="/%?=&#:") == quote(request.path):
            return None
        return HttpResponsePermanentRedirect(destination)
