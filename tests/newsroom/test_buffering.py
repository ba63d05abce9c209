"""Bodies and answers between an ASGI server and a WSGI application."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from newsroom import buffering
from newsroom.buffering import BufferedApplication
from newsroom.environment import parse_networks
from newsroom.security_headers import build_headers
from tests.newsroom.observatory import score

DISCONNECT = {"type": "http.disconnect"}


def body(content, *, more=False):
    return {"type": "http.request", "body": content, "more_body": more}


class Exchange:
    """One request to an application that repeats its body, and what was sent back."""

    def __init__(self, *messages, headers=(), application=None, delay=0.0, **scope):
        self.environ, self.sent = None, []
        self._messages, self._delay = list(messages), delay
        self._application = application or self.echo
        self._scope = {
            "type": "http",
            "http_version": "1.1",
            "method": "POST",
            "scheme": "http",
            "path": "/",
            "raw_path": b"/",
            "query_string": b"",
            "headers": [(name.encode(), value) for name, value in headers],
            "server": ("127.0.0.1", "8000"),
            "client": ("192.0.2.1", "1234"),
        } | scope

    def echo(self, environ, start_response):
        self.environ = environ
        start_response("200 OK", [("X-Name", "caf\xe9")])
        return [environ["wsgi.input"].read()]

    def run(self):
        call = BufferedApplication(self._application)(self._scope, self._receive, self._send)
        # A thread of its own: Playwright leaves an event loop running in the main one.
        with ThreadPoolExecutor(1) as pool:
            pool.submit(asyncio.run, call).result()
        return self

    async def _receive(self):
        await asyncio.sleep(self._delay if self._messages else 3600)
        return self._messages.pop(0)

    async def _send(self, message):
        self.sent.append(message)

    @property
    def status(self):
        return self.sent[0]["status"]

    @property
    def content(self):
        return b"".join(message["body"] for message in self.sent[1:])


@pytest.fixture
def hasty(monkeypatch):
    monkeypatch.setattr(buffering, "STALL", 0.2)


def test_a_body_reaches_the_application_whole():
    pieces = body(b"one ", more=True), body(b"two")
    exchange = Exchange(*pieces, headers=[("content-length", b"7")]).run()
    assert (exchange.status, exchange.content) == (200, b"one two")
    assert exchange.environ["CONTENT_LENGTH"] == "7"
    assert exchange.sent[0]["headers"][0] == (b"x-name", b"caf\xe9")


def test_two_lengths_are_refused():
    headers = [("content-length", b"7"), ("content-length", b"8")]
    assert Exchange(body(b"one two"), headers=headers).run().status == 400


def test_a_chunked_body_gets_its_length():
    pieces = body(b"one ", more=True), body(b"", more=True), body(b"two")
    exchange = Exchange(*pieces, headers=[("transfer-encoding", b"chunked")]).run()
    assert exchange.content == b"one two"
    assert exchange.environ["CONTENT_LENGTH"] == "7"
    assert "HTTP_TRANSFER_ENCODING" not in exchange.environ


def test_a_request_without_a_body_is_not_waited_for():
    assert Exchange(method="GET").run().status == 200


@pytest.mark.parametrize("length", [b"6", b"8", b"ten", b"-7", b"+7", b" 7", b"7" * 40])
def test_a_length_that_does_not_fit_is_refused(length):
    exchange = Exchange(body(b"one two"), headers=[("content-length", length)]).run()
    assert exchange.status in {400, 413}
    assert exchange.environ is None


def test_a_client_that_leaves_stores_nothing():
    pieces = body(b"one", more=True), DISCONNECT
    for header in (("content-length", b"7"), ("transfer-encoding", b"chunked")):
        exchange = Exchange(*pieces, headers=[header]).run()
        assert (exchange.status, exchange.environ) == (400, None)


def test_a_stalled_body_ends(hasty):
    exchange = Exchange(body(b"one", more=True), headers=[("content-length", b"7")]).run()
    assert (exchange.status, exchange.environ) == (408, None)


def test_a_body_that_only_drips_ends(hasty):
    drops = [body(b"x", more=True)] * 50
    exchange = Exchange(*drops, delay=0.02, headers=[("content-length", b"100")]).run()
    assert (exchange.status, exchange.environ) == (408, None)


def test_a_body_that_is_too_long_is_not_read_on(monkeypatch):
    monkeypatch.setattr(buffering, "MAX_REQUEST", 6)
    pieces = [body(b"1234", more=True)] * 9
    exchange = Exchange(*pieces, headers=[("transfer-encoding", b"chunked")]).run()
    assert (exchange.status, exchange.environ) == (413, None)
    assert len(exchange._messages) == 7


def test_headers_with_an_underscore_are_dropped_and_others_joined():
    headers = [
        ("x_forwarded_for", b"203.0.113.1"),
        ("content_length", b"99"),
        ("x-forwarded-for", b"192.0.2.1"),
        ("x-forwarded-for", b"192.0.2.2"),
        ("cookie", b"a=1"),
        ("cookie", b"b=\xff"),
        ("content-type", b"text/plain"),
    ]
    environ = Exchange(method="GET", headers=headers).run().environ
    assert environ["HTTP_X_FORWARDED_FOR"] == "192.0.2.1, 192.0.2.2"
    assert environ["HTTP_COOKIE"] == "a=1; b=\xff"
    assert environ["CONTENT_TYPE"] == "text/plain"
    assert "CONTENT_LENGTH" not in environ


def test_a_path_is_decoded_once():
    exchange = Exchange(method="GET", raw_path=b"/a%2Fb%25%ff/\xe6\xb8\xaf").run()
    assert exchange.environ["PATH_INFO"].encode("latin-1") == b"/a/b%\xff/\xe6\xb8\xaf"


class Stream:
    """A long answer that notes how much was read and that it was closed."""

    def __init__(self, chunks):
        self.unread, self.is_closed = chunks, False

    def __call__(self, environ, start_response):
        start_response("200 OK", [])
        return self

    def __iter__(self):
        return self

    def __next__(self):
        if not self.unread:
            raise StopIteration
        self.unread -= 1
        return b"x" * 4096

    def close(self):
        self.is_closed = True


def test_a_long_answer_is_sent_in_pieces():
    stream = Stream(100)
    exchange = Exchange(method="GET", application=stream).run()
    assert exchange.content == b"x" * 409_600
    assert [message["more_body"] for message in exchange.sent[1:]][-2:] == [True, False]
    assert max(len(message["body"]) for message in exchange.sent[1:]) <= buffering.PIECE
    assert stream.is_closed


def test_nothing_is_read_for_a_head(hasty):
    stream = Stream(1000)
    exchange = Exchange(method="HEAD", application=stream).run()
    assert exchange.content == b""
    assert (stream.is_closed, stream.unread) == (True, 1000)


def test_a_client_that_stops_reading_is_left(hasty, monkeypatch):
    async def send(self, message):
        self.sent.append(message)
        if len(self.sent) > 3:
            await asyncio.sleep(3600)

    monkeypatch.setattr(Exchange, "_send", send)
    stream = Stream(1000)
    Exchange(method="GET", application=stream).run()
    assert stream.is_closed and stream.unread > 900


def test_a_failure_of_the_application_is_a_500():
    def fail(environ, start_response):
        raise ValueError

    assert Exchange(method="GET", application=fail).run().status == 500


def test_an_answer_that_fails_at_its_beginning_is_closed():
    class Failing(Stream):
        def __next__(self):
            raise OSError

    stream = Failing(1)
    assert Exchange(method="GET", application=stream).run().status == 500
    assert stream.is_closed


@pytest.mark.parametrize(
    ("scheme", "forwarded", "has_hsts"),
    [("https", [], True), ("http", [("x-forwarded-proto", b"https")], True), ("http", [], False)],
    ids=["direct", "behind a proxy", "plain"],
)
def test_an_answer_out_of_the_outermost_layer_has_all_headers(
    settings, scheme, forwarded, has_hsts
):
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.TRUSTED_PROXIES = parse_networks("192.0.2.1")
    build_headers.cache_clear()

    def fail(environ, start_response):
        raise ValueError

    wrong = ("content-length", b"9" * 30)
    for lines in (forwarded, [*forwarded, wrong]):
        exchange = Exchange(application=fail, headers=lines, scheme=scheme).run()
        headers = {name.decode(): value.decode() for name, value in exchange.sent[0]["headers"]}
        assert exchange.status == (400 if wrong in lines else 500)
        assert ("strict-transport-security" in headers) is has_hsts
        assert score({**headers, "strict-transport-security": "max-age=31536000"}).total >= 130
        assert "cross-origin-opener-policy" in headers
    build_headers.cache_clear()


@pytest.mark.parametrize(
    ("method", "path", "name"),
    [
        ("GET", "/articles/ship/", "readers"),
        ("HEAD", "/", "readers"),
        ("POST", "/threads/1/comments/", "desk"),
        ("GET", "/admin/", "desk"),
        ("GET", "/moderation/", "desk"),
        ("GET", "/transparency/2026-10/", "desk"),
    ],
)
def test_readers_have_threads_of_their_own(method, path, name):
    threads = []

    def application(environ, start_response):
        threads.append(threading.current_thread().name)
        start_response("200 OK", [])
        return [b""]

    Exchange(application=application, method=method, raw_path=path.encode()).run()
    assert threads[0].startswith(name)
