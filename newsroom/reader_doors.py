"""The short ways to the views by which readers post and vote.

These views ignore the session (``articles.web.origin``), so they need no middleware of the staff:
session, login, messages, CSRF token, history. Most of their answers are redirects without content,
whose headers the other middleware makes equal. So the WSGI application of this module asks the view
first, by the rules of the middleware, and sends a redirect itself. Everything else passes through
the whole middleware, with the outcome of the view: refusals, pages, errors.
"""

import re
from functools import cache

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.core.handlers.exception import convert_exception_to_response
from django.db import connection
from django.middleware.security import SecurityMiddleware
from django.urls import resolve
from django.utils import translation

from comments.views.responses import SeeOther
from newsroom.incoming import IncomingMiddleware
from newsroom.middleware import refuse_unsafe
from newsroom.outage_middleware import AWAY
from newsroom.whole_requests import WholeRequest

DOORS = re.compile(
    r"/(?:threads/(\d{1,18})/comments|comments/(\d{1,18})/vote)/(?:inline/)?", re.ASCII
)
READ = "newsroom.request"  # in the environment: the request that was made of it


class ReaderDoors:
    """A WSGI application that sends the redirects after posts and votes. ``handler`` is Django's,
    whose ``request_class`` is ``take_request``."""

    def __init__(self, handler):
        self._handler = handler
        self._security = SecurityMiddleware(handler)
        self._enter = IncomingMiddleware(self._ask)
        self._common = {}  # by scheme: the headers that the middleware gives to a redirect

    def __call__(self, environ, start_response):
        if not is_door(environ["REQUEST_METHOD"], environ["PATH_INFO"]) or AWAY in environ:
            return self._handler(environ, start_response)
        request = WholeRequest(environ)
        response = self._enter(request)
        scheme = request.scheme
        if not isinstance(response, SeeOther) or scheme not in self._common:
            environ[READ] = request
            own = set(response.headers) if isinstance(response, SeeOther) else None
            answer = self._handler(environ, start_response)
            if own is not None:
                added = [(name, text) for name, text in response.items() if name not in own]
                self._common[scheme] = added
            return answer
        request.close()
        if not connection.in_atomic_block:  # as in a test
            connection.close_if_unusable_or_obsolete()
        cookies = [("Set-Cookie", each.OutputString()) for each in response.cookies.values()]
        status = f"{response.status_code} {response.reason_phrase}"
        start_response(status, [*response.items(), *self._common[scheme], *cookies])
        return [response.content]

    def _ask(self, request):
        """Return the response of the view, or None if there is none; the middleware then finds the
        outcome with the request, or the reason why the view was not asked."""
        try:
            request.get_host()
            if self._security.process_request(request):
                return None
        except DisallowedHost:
            return None
        try:
            with speak(request):
                request.outcome = enter(request)
        except Exception as error:  # raised again by ``answer``
            request.outcome = error
            return None
        return request.outcome


def take_request(environ):
    """Return the request of an environment, which a door may have read."""
    return environ.pop(READ, None) or WholeRequest(environ)


def is_door(method, path):
    return method == "POST" and DOORS.fullmatch(path)


class ReaderDoorsMiddleware:
    """Answer readers who post or vote, with the headers that all other responses have."""

    def __init__(self, get_response):
        self.get_response = get_response
        self._answer = convert_exception_to_response(answer)

    def __call__(self, request):
        if not is_door(request.method, request.path_info):
            return self.get_response(request)
        request.get_host()  # raises for a host that is not ours
        with speak(request):
            response = self._answer(request)
        response.headers.setdefault("Content-Length", str(len(response.content)))
        response.headers.setdefault("X-Frame-Options", settings.X_FRAME_OPTIONS)
        return response


def answer(request):
    """Return the response of the view that an address names."""
    outcome = getattr(request, "outcome", None)
    if isinstance(outcome, Exception):
        raise outcome
    return outcome or enter(request)


def enter(request):
    """Ask the view that an address names."""
    door = DOORS.fullmatch(request.path_info)
    number = door[1] or door[2]
    view, name = find_view(request.path_info.replace(number, "1"))
    refuse_unsafe(request, view)
    return view(request, **{name: int(number)})


def speak(request):
    """Return a context in which a request is answered in the site's language."""
    request.LANGUAGE_CODE = settings.LANGUAGE_CODE
    return translation.override(settings.LANGUAGE_CODE)


@cache
def find_view(path):
    """Return the view of a door and the name of its number. Looking it up takes as long as what
    the view does before it asks the database."""
    match = resolve(path)
    [name] = match.kwargs
    return match.func, name
