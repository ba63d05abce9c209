"""What ``manage.py demo`` refuses, and what it becomes. CI runs it for real."""

import os
import socket

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
    """The arguments and the address of the server that the process became."""
    became = []

    def become(program, arguments):
        became.extend([" ".join(arguments), os.environ["SITE_URL"]])

    monkeypatch.setattr(os, "execv", become)
    for name in ("SITE_URL", "ALLOWED_HOSTS"):
        monkeypatch.setenv(name, os.environ[name])
    return became


@pytest.fixture
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_all_is_prepared_before_the_server_starts(prepared, served, port):
    call_command("demo", port=port)
    assert prepared == ["migrate", "collectstatic", "load_demo"]
    arguments, address = served
    assert f"--host 127.0.0.1 --port {port} " in arguments
    assert arguments.endswith("newsroom.wsgi:application")
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


def test_an_interrupted_start_ends_with_a_sentence(monkeypatch, served, port):
    def interrupted(name, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr(demo, "call_command", interrupted)
    with pytest.raises(CommandError) as stopped:
        call_command("demo", port=port)
    assert stopped.value.returncode == 130
    assert served == []
