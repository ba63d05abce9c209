"""Numbers the requests, so that the log and an error page can name one."""

import re
from contextvars import ContextVar
from secrets import token_hex

from articles.web.networks import parse_address
from newsroom.proxies import is_trusted

GIVEN = re.compile(r"[0-9A-Za-z-]{8,64}")
_current = ContextVar("request_id", default="")


def current_id():
    """Return the ID of the request that this thread answers, or an empty text."""
    return _current.get()


class RequestIds:
    """A WSGI application that gives each request to another one an ID, or takes that of a trusted
    proxy (``X-Request-ID``). An answer that reports an error names it."""

    def __init__(self, application):
        self._application = application

    def __call__(self, environ, start_response):
        number = choose_id(environ)

        def start(status, headers, *exc_info):
            if status.startswith("5"):
                headers = [*headers, ("X-Request-ID", number)]
            return start_response(status, headers, *exc_info)

        token = _current.set(number)
        try:
            return self._application(environ, start)
        except Exception as error:
            error.request_id = number  # who logs it is outside
            raise
        finally:
            _current.reset(token)


def choose_id(environ):
    given = environ.pop("HTTP_X_REQUEST_ID", "")
    if GIVEN.fullmatch(given) and is_trusted(parse_address(environ.get("REMOTE_ADDR", ""))):
        return given
    return token_hex(8)
