"""Slow clients hold no thread of the server: pages go on being answered."""

import time
from contextlib import ExitStack

import pytest

from newsroom.buffering import STALL
from tests import factories
from tests.newsroom.door.sockets import chunk, connect, head, read_status, time_page
from tests.settings import run

MANY = 50
ALLOWED = 1  # seconds for a page beside them


@pytest.mark.slow
def test_stalled_bodies_leave_the_site_to_others_and_end(site):
    article = factories.article()
    pages = ["/", article.get_absolute_url(), "/feed/", "/admin/login/"]
    for page in pages:  # compiles templates
        time_page(site, page)
    path = f"/threads/{article.pk}/comments/"
    form = {"Content_Type": "application/x-www-form-urlencoded"}
    sized = head(site, path, Content_Length=1000, **form) + b"text=half"
    chunked = head(site, path, Transfer_Encoding="chunked", **form) + chunk(b"text=half")
    started = time.monotonic()
    with ExitStack() as stack:
        stalled = [stack.enter_context(connect(site)) for _ in range(MANY)]
        for number, connection in enumerate(stalled):
            connection.sendall(chunked if number % 2 else sized)
        for page in pages * 3:
            status, seconds = time_page(site, page)
            assert (status, seconds < ALLOWED) == (200, True), (page, status, seconds)
        assert {read_status(connection) for connection in stalled} == {408}
    assert time.monotonic() - started < STALL + 10


@pytest.mark.slow
def test_a_client_that_does_not_read_holds_no_thread_and_is_cut_off(site):
    article = factories.article()
    size = 30_000_000
    large = run.folder() / "media" / "large.bin"
    large.parent.mkdir(exist_ok=True)
    large.write_bytes(bytes(size))
    time_page(site, article.get_absolute_url())
    request = head(site, "/media/large.bin", method="GET", Connection="close")
    with ExitStack() as stack:
        idle = [stack.enter_context(connect(site)) for _ in range(MANY)]
        for connection in idle:
            connection.sendall(request)
        for page in ("/", article.get_absolute_url()) * 3:
            status, seconds = time_page(site, page)
            assert (status, seconds < ALLOWED) == (200, True), (page, status, seconds)
        time.sleep(STALL + 2)
        assert all(drain(connection) < size for connection in idle)


def drain(connection):
    """Return how many bytes still come until the server ends the connection."""
    size = 0
    try:
        while received := connection.recv(1 << 20):
            size += len(received)
    except ConnectionResetError:
        pass
    return size
