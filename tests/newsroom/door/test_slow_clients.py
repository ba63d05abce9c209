"""Slow clients hold no thread of the server: pages go on being answered."""

import time
from contextlib import ExitStack

import pytest

from newsroom.buffering import STALL
from tests import factories
from tests.newsroom.door.sockets import chunk, connect, head, read_status, time_page
from tests.settings import run

pytestmark = [pytest.mark.once, pytest.mark.slow]

MANY = 50
ALLOWED = STALL / 2  # seconds for a page beside them, which else waits until they are cut off

FORM = {"Content_Type": "application/x-www-form-urlencoded"}


@pytest.fixture
def article(site):
    """An article on a site that has compiled its templates."""
    article = factories.article()
    for page in pages_of(article):
        time_page(site, page)
    return article


def pages_of(article):
    return ["/", article.get_absolute_url(), "/feed/", "/admin/login/"]


def check_pages(site, article):
    """Assert that others are served as if nothing were wrong."""
    for page in pages_of(article) * 3:
        status, seconds = time_page(site, page)
        assert (status, seconds < ALLOWED) == (200, True), (page, status, seconds)


@pytest.fixture
def stalled(site, article):
    """Connections whose forms were sent by half."""
    path = f"/threads/{article.pk}/comments/"
    sized = head(site, path, Content_Length=1000, **FORM) + b"text=half"
    chunked = head(site, path, Transfer_Encoding="chunked", **FORM) + chunk(b"text=half")
    with ExitStack() as stack:
        connections = [stack.enter_context(connect(site)) for _ in range(MANY)]
        for number, connection in enumerate(connections):
            connection.sendall(chunked if number % 2 else sized)
        yield connections


def test_stalled_bodies_leave_the_site_to_others(site, article, stalled):
    check_pages(site, article)


def test_stalled_bodies_end_after_seconds(stalled):
    started = time.monotonic()
    assert {read_status(connection) for connection in stalled} == {408}
    assert time.monotonic() - started < STALL + 5


@pytest.fixture
def unread(site):
    """Connections that asked for a large file and read its head only; and the size of the file."""
    size = 30_000_000
    large = run.folder() / "media" / "large.bin"
    large.parent.mkdir(exist_ok=True)
    large.write_bytes(bytes(size))
    with ExitStack() as stack:
        connections = [stack.enter_context(connect(site)) for _ in range(MANY)]
        for connection in connections:
            connection.sendall(head(site, "/media/large.bin", method="GET", Connection="close"))
        assert {read_status(connection) for connection in connections} == {200}
        yield connections, size


def test_clients_that_do_not_read_hold_no_thread(site, article, unread):
    check_pages(site, article)


def test_clients_that_do_not_read_are_cut_off(unread):
    connections, size = unread
    time.sleep(STALL + 3)
    assert all(drain(connection) < size for connection in connections)


def drain(connection):
    """Return how many bytes still come until the server ends the connection."""
    size = 0
    try:
        while received := connection.recv(1 << 20):
            size += len(received)
    except ConnectionResetError:
        pass
    return size
