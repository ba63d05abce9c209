"""Runs a WSGI application under an ASGI server.

The event loop reads request bodies and sends responses; threads run the application. A request
gets a thread once its body is complete, and only while a piece of the response is computed. So a
client that sends or reads slowly occupies no thread.
"""

import asyncio
import logging
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from http import HTTPStatus
from tempfile import SpooledTemporaryFile
from urllib.parse import unquote_to_bytes

from articles.upload_limits import MAX_REQUEST
from newsroom.error_pages import render_error_page
from newsroom.proxies import resolve_forwarded
from newsroom.security_headers import add_missing

logger = logging.getLogger(__name__)

# Threads for readers. More would only wait: a process runs one thread of Python at a time.
THREADS = 4
# Threads for all who write, for the staff, and for the numbers of a month, which are counted once a
# day, so that no reader waits behind a lock or a long query. Most of these threads may wait for the
# database.
DESK_THREADS = 8
DESK_PATHS = (b"/admin/", b"/moderation/", b"/transparency/")
IN_MEMORY = 512 * 1024  # bytes of a body; a longer one is written to a temporary file
STALL = 10  # seconds without a byte, in either direction
SLOWEST = 8 * 1024  # least bytes per second of a body, after the first STALL seconds
PIECE = 64 * 1024  # bytes of a response that are sent at once


class BodyRefused(Exception):
    """A request body is incomplete, too slow or too long."""

    def __init__(self, status):
        super().__init__(status)
        self.status = status


class BufferedApplication:
    """An ASGI application that runs a WSGI application."""

    def __init__(self, application):
        self._application = application
        self._readers = ThreadPoolExecutor(THREADS, thread_name_prefix="readers")
        self._desk = ThreadPoolExecutor(DESK_THREADS, thread_name_prefix="desk")

    async def __call__(self, scope, receive, send):
        with SpooledTemporaryFile(IN_MEMORY) as body:
            try:
                length = await read_body(scope, receive, body)
                environ = build_environ(scope, body, length)
                pool = self._choose_pool(scope)
                answer, piece = await _run(pool, Answer.begin, self._application, environ)
            except BodyRefused as refusal:
                await _send_refusal(scope, send, refusal.status)
            except Exception:
                logger.exception("The application failed: %s", scope["path"])
                await _send_refusal(scope, send, HTTPStatus.INTERNAL_SERVER_ERROR)
            else:
                is_secure = environ["wsgi.url_scheme"] == "https"
                answer.headers = add_missing(answer.headers, is_secure=is_secure)
                await self._send(answer, piece, send, pool)

    async def _send(self, answer, piece, send, pool):
        """Send a response piece by piece. Give up if the client stops reading."""
        try:
            await send(
                {
                    "type": "http.response.start",
                    "status": answer.status,
                    "headers": answer.headers,
                }
            )
            while True:
                await _send_piece(send, piece, is_last=answer.is_complete)
                if answer.is_complete:
                    return
                piece = await _run(pool, answer.read)
        except TimeoutError:  # the rest of the response is never sent
            return
        finally:
            if not answer.is_complete:
                await _run(pool, answer.close)

    def _choose_pool(self, scope):
        reads = scope["method"] in {"GET", "HEAD"}
        is_public = not scope["raw_path"].startswith(DESK_PATHS)
        return self._readers if reads and is_public else self._desk


def _run(pool, function, *arguments):
    return asyncio.get_running_loop().run_in_executor(pool, function, *arguments)


class Answer:
    """The response of a WSGI application; read in threads only."""

    def __init__(self):
        self.status, self.headers, self.is_complete = None, [], False
        self._chunks, self._rest, self._ahead = None, None, b""

    @classmethod
    def begin(cls, application, environ):
        """Call an application; return its response and the first piece of the body."""
        answer = cls()
        answer._chunks = application(environ, answer._start)
        answer._rest = iter(answer._chunks)
        if environ["REQUEST_METHOD"] == "HEAD":
            answer.close()
            return answer, b""
        try:
            return answer, answer.read()
        except Exception:
            answer.close()
            raise

    def read(self):
        """Return the next piece, about as long as PIECE."""
        chunks, size = [self._ahead], len(self._ahead)
        for chunk in self._rest:
            if size >= PIECE:
                self._ahead = chunk
                break
            chunks.append(chunk)
            size += len(chunk)
        else:
            self.close()
        return b"".join(chunks)

    def close(self):
        self.is_complete = True
        if hasattr(self._chunks, "close"):
            self._chunks.close()

    def _start(self, status, headers, exc_info=None):
        self.status = int(status.split(" ", 1)[0])
        self.headers = [
            (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers
        ]


async def read_body(scope, receive, body):
    """Write the whole body of a request into a file; return its length.

    Raises ``BodyRefused`` if the body ends early, stalls or is too long.
    """
    headers = dict(scope["headers"])
    if len({value for name, value in scope["headers"] if name == b"content-length"}) > 1:
        raise BodyRefused(HTTPStatus.BAD_REQUEST)
    declared = headers.get(b"content-length")
    if declared is None and b"transfer-encoding" not in headers:
        return 0
    if declared is not None and (not declared.isdigit() or len(declared) > 18):
        raise BodyRefused(HTTPStatus.BAD_REQUEST)
    if declared is not None and int(declared) > MAX_REQUEST:
        raise BodyRefused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    length = await _receive_into(body, receive)
    if declared is not None and length != int(declared):
        raise BodyRefused(HTTPStatus.BAD_REQUEST)
    body.seek(0)
    return length


def build_environ(scope, body, length):
    """Return the WSGI environment of a request.

    Headers with ``_`` in their names are left out, because WSGI cannot tell ``X_Forwarded_For``
    from ``X-Forwarded-For``.
    """
    server, client = scope.get("server") or ("", ""), scope.get("client") or ("", "")
    environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": str(server[0]),
        "SERVER_PORT": str(server[1]),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": client[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope["headers"]:
        if variable := _name_variable(name):
            text = value.decode("latin-1")
            if variable in environ:
                separator = "; " if variable == "HTTP_COOKIE" else ", "
                text = f"{environ[variable]}{separator}{text}"
            environ[variable] = text
    if length or "CONTENT_LENGTH" in environ:
        environ["CONTENT_LENGTH"] = str(length)
    return environ


@lru_cache(maxsize=512)
def _name_variable(header):
    """Return the WSGI name of a header, or None for one that is left out."""
    if b"_" in header or header == b"transfer-encoding":
        return None
    name = header.decode("latin-1").upper().replace("-", "_")
    return name if name in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{name}"


async def _receive_into(body, receive):
    """Write the body that a client sends into a file; return its length."""
    clock = asyncio.get_running_loop().time
    begun, length, more = clock(), 0, True
    try:
        async with asyncio.timeout(STALL) as timeout:
            while more:
                message = await receive()
                if message["type"] != "http.request":
                    raise BodyRefused(HTTPStatus.BAD_REQUEST)
                chunk, more = message.get("body", b""), message.get("more_body", False)
                length += len(chunk)
                if length > MAX_REQUEST:
                    raise BodyRefused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
                body.write(chunk)
                slowest = begun + STALL + length / SLOWEST
                timeout.reschedule(min(clock() + STALL, slowest))
    except TimeoutError:
        raise BodyRefused(HTTPStatus.REQUEST_TIMEOUT) from None
    return length


async def _send_piece(send, piece, *, is_last):
    """Send bytes in parts of PIECE at most, each within STALL seconds."""
    if is_last and len(piece) <= PIECE:  # fits into the system's buffers
        await send({"type": "http.response.body", "body": piece, "more_body": False})
        return
    for start in range(0, max(len(piece), 1), PIECE):
        part = piece[start : start + PIECE]
        more = not is_last or start + PIECE < len(piece)
        async with asyncio.timeout(STALL):
            await send({"type": "http.response.body", "body": part, "more_body": more})


async def _send_refusal(scope, send, status):
    environ = build_environ(scope, None, 0)
    resolve_forwarded(environ)
    page = render_error_page(status.value)
    text = (page or f"{status.value} {status.phrase}\n").encode()
    kind = b"text/html" if page else b"text/plain"
    headers = [
        (b"content-type", kind + b"; charset=utf-8"),
        (b"content-length", str(len(text)).encode()),
        (b"cache-control", b"private, no-store"),
        (b"connection", b"close"),
    ]
    headers = add_missing(headers, is_secure=environ["wsgi.url_scheme"] == "https")
    await send({"type": "http.response.start", "status": status.value, "headers": headers})
    await send({"type": "http.response.body", "body": text, "more_body": False})
