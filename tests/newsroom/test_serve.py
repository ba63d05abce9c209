"""``manage.py serve`` says where the site is, and what its processes do not share."""

import os
import socket

import pytest
from django.core.management import call_command

from newsroom import environment

SHARED = environment.parse_caches("redis://127.0.0.1:1/0", key_prefix="test")


@pytest.fixture
def serve(monkeypatch, capsys):
    """Run the command up to the start of the server; return what it says and what it starts."""
    started = []
    monkeypatch.setattr(os, "execv", lambda path, command: started.append(command))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    def run(**options):
        call_command("serve", port=port, **options)
        said = capsys.readouterr()
        return said.out.replace(str(port), "PORT"), said.err, started[-1]

    return run


def test_it_prints_its_address_before_it_starts(serve):
    said, errors, command = serve()
    assert "http://127.0.0.1:PORT/" in said
    assert errors == ""
    assert command[-1] == "newsroom.asgi:application"


def test_an_address_of_ipv6_can_be_clicked(serve):
    assert "http://[::1]:PORT/" in serve(host="::1")[0]


def test_processes_without_a_shared_cache_are_named(serve, settings):
    assert "CACHE_URL" in serve(workers=2)[1]
    settings.CACHES = SHARED
    assert serve(workers=2)[1] == ""
