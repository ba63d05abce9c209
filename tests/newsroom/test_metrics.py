"""/metrics, for Prometheus on a private address."""

import ipaddress
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest
from django.conf import settings as project
from django.core.exceptions import ImproperlyConfigured
from django.test import RequestFactory

from newsroom.metrics import Metrics, measure
from newsroom.page_cache.application import PageCache

LOOPBACK = [ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1")]
FOUND = re.compile(
    r'newsroom_request_seconds_count\{method="(\w+)",source="(\w+)",status="(\d+)"\} ([\d.]+)'
)


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    """One for all tests: the library keeps the first folder of a process."""
    return tmp_path_factory.mktemp("metrics") / "of a site"


@pytest.fixture
def measured(settings, folder):
    settings.METRICS_DIR, settings.METRICS_NETWORKS = folder, LOOPBACK
    return Metrics(answer)


def answer(environ, start_response):
    if environ["PATH_INFO"] == "/broken/":
        raise LookupError
    is_known = environ["PATH_INFO"] == "/"
    start_response("200 OK" if is_known else "404 Not Found", [])
    return []


def ask(application, path="/", *, method="GET", address="127.0.0.1", **environ):
    started = []
    environ |= {"REQUEST_METHOD": method, "PATH_INFO": path, "REMOTE_ADDR": address}
    body = b"".join(application(environ, lambda *start: started.append(start)))
    return started[0][0], body.decode()


def count(application):
    status, body = ask(application, "/metrics")
    assert status == "200 OK"
    return {found[:3]: float(found[3]) for found in FOUND.findall(body)}


def test_answers_are_counted(measured):
    before = count(measured)
    for method in ("GET", "GET", "BREW"):
        ask(measured, method=method)
    ask(measured, "/nothing/")
    with pytest.raises(LookupError):
        ask(measured, "/broken/")
    after = count(measured)
    added = {labels: after[labels] - before.get(labels, 0) for labels in after}
    assert {labels: number for labels, number in added.items() if number} == {
        ("GET", "application", "200"): 2,
        ("other", "application", "200"): 1,
        ("GET", "application", "404"): 1,
        ("GET", "application", "500"): 1,
    }


@pytest.mark.django_db
@pytest.mark.once
def test_pages_from_the_cache_are_counted_apart(settings, folder):
    settings.METRICS_DIR, settings.METRICS_NETWORKS = folder, LOOPBACK
    settings.PAGE_CACHE_SECONDS = 5
    passed = []

    def render(environ, start_response):
        passed.append(environ["PATH_INFO"])
        start_response(
            "200 OK", [("Content-Type", "text/html"), ("Cache-Control", "public"), ("ETag", "1")]
        )
        return [b"a page"]

    measured = Metrics(PageCache(render))
    before = count(measured)
    for _time in range(3):
        environ = RequestFactory().get("/").environ
        ask(measured, address="192.0.2.1", **{**environ, "PATH_INFO": "/"})
    after = count(measured)
    added = {labels[1]: after[labels] - before.get(labels, 0) for labels in after}
    assert passed == ["/"]
    assert (added["application"], added["cache"]) == (1, 2)


@pytest.mark.parametrize(
    "environ",
    [
        {"address": "192.0.2.1"},
        {"address": ""},
        {"HTTP_X_FORWARDED_FOR": "127.0.0.1"},
        {"HTTP_FORWARDED": "for=127.0.0.1"},
        {"HTTP_VIA": "1.1 proxy"},
    ],
)
def test_others_are_told_nothing(measured, environ):
    assert ask(measured, "/metrics", **environ) == ("404 Not Found", "")


def test_the_networks_are_a_setting(measured, settings):
    settings.METRICS_NETWORKS = [ipaddress.ip_network("10.0.0.0/8"), "unix"]
    assert ask(measured, "/metrics", address="10.1.2.3")[0] == "200 OK"
    assert ask(measured, "/metrics", address="")[0] == "200 OK"
    assert ask(measured, "/metrics")[0] == "404 Not Found"


def test_a_site_without_a_folder_has_no_metrics(settings):
    settings.METRICS_DIR = None
    assert measure(answer) is answer


def test_a_folder_that_cannot_be_made_stops_the_start(settings, tmp_path):
    (tmp_path / "file").touch()
    settings.METRICS_DIR = tmp_path / "file" / "folder"
    with pytest.raises(ImproperlyConfigured, match="METRICS_DIR is no folder"):
        measure(answer)


@pytest.mark.slow
def test_each_process_counts_for_all(tmp_path, workers=3):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "granian", "--interface", "asginl", "--host", "127.0.0.1"]
    command += ["--port", str(port), "--workers", str(workers), "newsroom.asgi:application"]
    environ = {
        **os.environ,
        "DEBUG": "on",
        "DATABASE_URL": f"sqlite:///{tmp_path}/site.sqlite3",
        "METRICS_DIR": str(tmp_path / "metrics"),
        "DJANGO_SETTINGS_MODULE": "newsroom.settings",
    }
    server = subprocess.Popen(command, env=environ, cwd=project.BASE_DIR)
    try:
        answered = wait_for_workers(port, tmp_path / "metrics", workers)
        text = fetch(port, "/metrics")
        counts = {fetch(port, "/metrics") for _request in range(10)}
        total = sum(float(found[3]) for found in FOUND.findall(text))
        assert counts == {text}  # whichever process answers
        assert total == answered
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(20)


def fetch(port, path):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as response:
            return response.read().decode()
    except urllib.error.HTTPError as error:
        return error.read().decode()


def wait_for_workers(port, folder, workers):
    """Ask until each process has answered, and so has a file of its own; return how often."""
    answered = 0
    for _attempt in range(300):
        if len(list(folder.glob("*.db"))) == workers:
            return answered
        try:
            fetch(port, "/static/none.css")
            answered += 1
        except OSError:
            time.sleep(0.1)
    raise AssertionError("some process never answered")
