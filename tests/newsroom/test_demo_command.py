"""What ``manage.py demo`` refuses, what it starts and how that ends. CI runs it for real."""

import os
import signal
import socket
import subprocess
import sys
import time
import weakref
from threading import Event
from urllib.request import urlopen

import psutil
import pytest
from django.core.management import CommandError, call_command

from newsroom.management.commands import demo


@pytest.fixture
def prepared(monkeypatch):
    """The commands that were called, in their order, without doing their work."""
    called = []
    monkeypatch.setattr(demo, "call_command", lambda name, **options: called.append(name))
    return called


@pytest.fixture
def served(monkeypatch):
    """The command and the address of the server that was started."""
    started = []

    def serve(command):
        started.extend([" ".join(command), os.environ["SITE_URL"]])
        return 0

    monkeypatch.setattr(demo, "run_server", serve)
    for name in ("SITE_URL", "ALLOWED_HOSTS"):
        monkeypatch.setenv(name, os.environ[name])
    return started


@pytest.fixture
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_all_is_prepared_before_the_server_starts(prepared, served, port):
    with pytest.raises(SystemExit) as ended:
        call_command("demo", port=port)
    assert ended.value.code == 0
    assert prepared == ["migrate", "collectstatic", "load_demo"]
    arguments, address = served
    assert arguments.endswith(f"--host 127.0.0.1 --port {port} newsroom.asgi:application")
    assert address == f"http://127.0.0.1:{port}"


def test_a_port_in_use_is_refused_before_anything_is_done(prepared, served, port):
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        with pytest.raises(CommandError, match=f"--port {port + 1}"):
            call_command("demo", port=port)
    assert prepared == served == []


@pytest.mark.parametrize("port", [-1, 65_536])
def test_a_port_that_cannot_be_is_refused(prepared, served, port):
    with pytest.raises(CommandError, match=str(port)):
        call_command("demo", port=port)
    assert prepared == served == []


def test_a_public_site_is_not_filled_with_the_demo(prepared, served, settings, port):
    settings.HTTPS, settings.SITE_URL = True, "https://example.org"
    with pytest.raises(CommandError, match="https://example.org"):
        call_command("demo", port=port)
    assert prepared == served == []


def test_an_interrupted_start_ends_with_a_sentence(monkeypatch, served, port, capfd):
    """Even where an exception would be lost. Here the end is noted instead of come to."""
    ended = []

    def interrupted(name, **options):
        thing = Event()
        reference = weakref.ref(thing, lambda _: signal.raise_signal(signal.SIGINT))
        del thing
        assert reference() is None

    monkeypatch.setattr(demo, "call_command", interrupted)
    monkeypatch.setattr(os, "_exit", ended.append)
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(SystemExit):
        call_command("demo", port=port)
    assert ended == [130] * 3  # at the database, at the files and at the content
    _said, complaints = capfd.readouterr()
    assert complaints == "中断しました。次の実行で続きから始めます。\n" * 3
    assert signal.getsignal(signal.SIGINT) == before


RUN = """
import sys
from newsroom.server import SERVER, run_server
address = ["--host", "127.0.0.1", "--port", sys.argv[1]]
sys.exit(run_server([sys.executable, *SERVER, *address, "newsroom.asgi:application"]))
"""


@pytest.fixture
def site(port, settings):
    """A served site whose process leads a group, as it does in a terminal."""
    (settings.STATIC_ROOT / "hello.txt").write_text("hello")
    process = subprocess.Popen(
        [sys.executable, "-c", RUN, str(port)],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings.sqlite"},
        start_new_session=True,
        stderr=subprocess.PIPE,
        text=True,
    )
    yield process
    process.terminate()
    process.wait(timeout=20)


def is_served(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_until_it_answers(port):
    until = time.monotonic() + 60
    while not is_served(port) and time.monotonic() < until:
        time.sleep(0.1)
    with urlopen(f"http://127.0.0.1:{port}/static/hello.txt", timeout=60) as answer:
        assert answer.read() == b"hello"


@pytest.mark.parametrize(
    "name",
    ["SIGHUP", *(pytest.param(name, marks=pytest.mark.slow) for name in ("SIGINT", "SIGTERM"))],
)
def test_the_end_of_a_terminal_ends_the_site(site, port, name):
    """A terminal signals the whole group: with granian's worker in it, that mostly hung."""
    wait_until_it_answers(port)
    started = psutil.Process(site.pid).children(recursive=True)
    assert started
    assert site.pid not in {os.getpgid(process.pid) for process in started}
    os.killpg(site.pid, getattr(signal, name))
    _out, complaints = site.communicate(timeout=20)
    assert (site.returncode, complaints) == (0, "")
    assert not is_served(port)
