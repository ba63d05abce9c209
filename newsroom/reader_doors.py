"""The short way to the views by which readers post and vote.

These views ignore the session (``articles.web.origin``), so they need no middleware of the staff:
session, login, messages, CSRF token, history.
"""

import re
from functools import cache

from django.conf import settings
from django.core.handlers.exception import convert_exception_to_response
from django.urls import resolve
from django.utils import translation

from newsroom.middleware import refuse_unsafe

DOORS = re.compile(
    r"/(?:threads/(\d{1,18})/comments|comments/(\d{1,18})/vote)/(?:inline/)?", re.ASCII
)


class ReaderDoorsMiddleware:
    """Answer readers who post or vote, with the headers that all other responses have."""

    def __init__(self, get_response):
        self.get_response = get_response
        self._answer = convert_exception_to_response(answer)

    def __call__(self, request):
        if request.method != "POST" or not DOORS.fullmatch(request.path_info):
            return self.get_response(request)
        request.get_host()  # raises for a host that is not ours
        with translation.override(settings.LANGUAGE_CODE):
            request.LANGUAGE_CODE = settings.LANGUAGE_CODE
            response = self._answer(request)
        response.headers.setdefault("Content-Length", str(len(response.content)))
        response.headers.setdefault("X-Frame-Options", settings.X_FRAME_OPTIONS)
        return response


def answer(request):
    """Return the response of the view that an address names."""
    door = DOORS.fullmatch(request.path_info)
    number = door[1] or door[2]
    view, name = find_view(request.path_info.replace(number, "1"))
    refuse_unsafe(request, view)
    return view(request, **{name: int(number)})


@cache
def find_view(path):
    """Return the view of a door and the name of its number. Looking it up takes as long as what
    the view does before it asks the database."""
    match = resolve(path)
    [name] = match.kwargs
    return match.func, name
