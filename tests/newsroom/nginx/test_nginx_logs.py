"""No log of nginx holds a reader's address, text, query or referrer."""

import re
import ssl
import time
from contextlib import suppress

import pytest

from newsroom.deploy.nginx_errors import strip_reader
from tests import factories
from tests.newsroom.nginx.front import HOST, READER, wait_until

pytestmark = pytest.mark.once

SECRET = "himitsu"
HELD = {"User_Agent": f"Browser of {SECRET}", "Referer": f"https://elsewhere.example/{SECRET}"}


def read_files(front, errors):
    """Return {name: text} of everything that nginx has written."""
    files = [*(front.folder / "logs").iterdir(), front.folder / "nginx.log", errors.path]
    return {path.name: path.read_text() for path in files}


def send_raw(front, content):
    """Send bytes and return the answer, None where nginx only ends the connection."""
    with front.connect() as connection, suppress(OSError):
        connection.sendall(content)
        return connection.recv(65_536)


def refuse_large_body(front):
    head = f"POST /x?{SECRET} HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 99999999\r\n\r\n"
    assert send_raw(front, head.encode()).startswith(b"HTTP/1.1 413")


def fail_tls(front):
    """Provoke handshakes that fail."""
    context = ssl.create_default_context()
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("AES128-SHA")  # which nginx does not take
    with pytest.raises(ssl.SSLError):
        front.connect(context=context)
    for content in (b"\x16\x03\x01\x00\xff" + bytes(300), b"SSH-2.0-x\r\n"):
        with front.connect_plainly(front.port) as connection, suppress(OSError):
            connection.sendall(content)
            connection.recv(1_024)
    with pytest.raises(OSError):
        front.connect(name="other.example.org")


def test_the_logs_hold_no_reader(front, site, errors):
    article = factories.article(slug="log", title="修理船")
    posting = f"/threads/{article.pk}/comments/"
    assert front.ask(f"/search/?q={SECRET}", **HELD).status == 200
    assert front.send(posting, {"text": SECRET}, **HELD).status == 303
    assert front.ask(f"/moderation/feed/{SECRET}/").status == 404
    assert front.ask(f"/me/feed/{SECRET}/").status == 404
    assert front.ask(f"/drafts/{SECRET}/").status == 404
    assert front.ask(f"/nothing/?{SECRET}", port=front.plain_port, **HELD).status == 301
    site.kill()
    assert front.ask(f"/search/?q={SECRET}", **HELD).status == 502
    assert front.send(posting, {"text": SECRET}, **HELD).status == 502
    refuse_large_body(front)
    head = f"Host: {HOST}\r\nReferer: https://{SECRET}/\r\n"
    for content in (
        f"GET /?{SECRET} HTTP/9.9\r\n{head}\r\n",
        f"GET /?{SECRET} HTTP/1.1\r\nHost: {SECRET} x\r\n\r\n",
        f"GET /{SECRET * 9000} HTTP/1.1\r\n{head}\r\n",
        f"GET / HTTP/1.1\r\n{head}Cookie: {SECRET * 9000}\r\n\r\n",
        f"{SECRET}\r\n\r\n",
    ):
        send_raw(front, content.encode())
    with front.connect() as connection:  # which ends within the body
        connection.sendall(f"POST / HTTP/1.1\r\n{head}Content-Length: 99\r\n\r\ntext".encode())
    fail_tls(front)
    wait_until(lambda: "too large body" in errors.text)
    time.sleep(0.2)
    files = read_files(front, errors)
    assert "connect() to unix:" in files["nginx-errors.log"]
    assert "SSL" not in files["error.log"]
    assert re.search(r' 502 GET \S+ "/search/" ', files["access.log"])
    assert re.search(r' 303 POST \S+ "/threads/\d+/comments/" ', files["access.log"])
    assert "/moderation/feed/-" in files["access.log"]
    assert "/me/feed/-" in files["access.log"]
    assert "/drafts/-" in files["access.log"]
    for name, text in files.items():
        assert READER not in text, name
        for line in text.splitlines():
            # A path is logged, what follows it is not. Too long or unreadable, it has no path.
            assert SECRET not in line or f'"/{SECRET}' in line, (name, line[:300])


@pytest.mark.slow
def test_nginx_names_the_reader_where_nobody_strips_it(front, errors):
    """So the test above proves something."""
    errors.kill()
    refuse_large_body(front)
    message = errors.receive()
    errors.start()
    assert f"client: {READER}" in message
    assert SECRET in message
    assert READER not in strip_reader(message)
    assert SECRET not in strip_reader(message)


@pytest.mark.parametrize(
    ("message", "stripped"),
    [
        (
            "<187>Dec  1 10:00:00 nginx: 2026/12/01 10:00:00 [error] 7#7: *1 connect() failed,"
            ' client: 192.0.2.1, server: x, request: "GET /?q=a HTTP/2.0"',
            "<3>2026/12/01 10:00:00 [error] 7#7: *1 connect() failed",
        ),
        ("<190>Dec  1 10:00:00 nginx: signal process started", "<6>signal process started"),
        ("something else, client: 192.0.2.1", "<3>something else"),
    ],
)
def test_a_message_keeps_nginxs_own_words(message, stripped):
    assert strip_reader(message) == stripped
