"""Answers ``/healthz`` and ``/readyz`` before the page cache and Django do.

So they need no host name and no HTTPS, and ``/healthz`` needs no database either.
"""

import json
import shutil
from http import HTTPStatus
from os import W_OK, access
from pathlib import Path
from threading import Lock
from time import monotonic

from django.conf import settings
from django.core.cache import caches
from django.db import DatabaseError, InterfaceError, connection

from newsroom.proxies import resolve_forwarded

CHECKED_EVERY = 1  # seconds; probes in between get the last result
LEAST_FREE = 64 * 1024 * 1024  # bytes on each disk that the site writes to
OK, FAILED = "ok", "failed"
OPTIONAL = {"cache"}  # the site works without it


class Probes:
    """A WSGI application that answers probes and passes all other requests on."""

    def __init__(self, application):
        self._application = application
        self._lock, self._parts, self._until = Lock(), {}, 0.0

    def __call__(self, environ, start_response):
        path = environ["PATH_INFO"]
        if path == "/healthz":
            return answer(environ, start_response, {})
        if path == "/readyz":
            return answer(environ, start_response, self._check())
        return self._application(environ, start_response)

    def _check(self):
        with self._lock:
            if monotonic() >= self._until:
                self._parts = check_parts()
                self._until = monotonic() + CHECKED_EVERY
            return self._parts


def answer(environ, start_response, parts):
    """Send the state of the parts, which is 503 if one fails that the site needs."""
    resolve_forwarded(environ)  # HSTS depends on the scheme
    failed = {name for name, state in parts.items() if state == FAILED}
    status = HTTPStatus.SERVICE_UNAVAILABLE if failed - OPTIONAL else HTTPStatus.OK
    headers = []
    if environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
        status, headers = HTTPStatus.METHOD_NOT_ALLOWED, [("Allow", "GET, HEAD")]
    body = json.dumps({"status": OK if status == HTTPStatus.OK else FAILED, **parts}).encode()
    headers += [
        ("Content-Type", "application/json"),
        ("Content-Length", str(len(body))),
        ("Cache-Control", "no-store"),
    ]
    start_response(f"{status.value} {status.phrase}", headers)
    return [b"" if environ["REQUEST_METHOD"] == "HEAD" else body]


def check_parts():
    """Return the state of each part that the site stands on."""
    checks = {"database": check_database, "cache": check_cache, "disk": check_disks}
    return {name: OK if check() else FAILED for name, check in checks.items()}


def check_database():
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return True
    except (DatabaseError, InterfaceError):
        return False
    finally:
        if not connection.in_atomic_block:  # as in a test
            connection.close_if_unusable_or_obsolete()


def check_cache():
    """A cache in the process cannot be away."""
    is_reachable = getattr(caches["default"], "is_reachable", None)
    return is_reachable is None or is_reachable()


def check_disks():
    """Return whether media and an SQLite database can be written."""
    folders = [Path(settings.MEDIA_ROOT)]
    if connection.vendor == "sqlite" and not connection.is_in_memory_db():
        folders.append(Path(connection.settings_dict["NAME"]).parent)
    return all(map(has_room, folders))


def has_room(folder):
    """Return whether files can be written into a folder, which the first upload creates."""
    while not folder.exists():
        folder = folder.parent
    try:
        return access(folder, W_OK) and shutil.disk_usage(folder).free >= LEAST_FREE
    except OSError:
        return False
