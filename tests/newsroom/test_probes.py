"""/healthz and /readyz, which monitors ask."""

import json
from collections import namedtuple
from unittest import mock

import pytest
from django.db import OperationalError, connection
from django.test import RequestFactory

from newsroom import probes
from newsroom.probes import Probes
from newsroom.redis_cache import ForgivingRedisCache
from newsroom.wsgi import application

Answer = namedtuple("Answer", "status headers parts")


def ask(path, *, method="GET", probes=application, **environ):
    started = []
    environ = RequestFactory().generic(method, path, **environ).environ
    body = b"".join(probes(environ, lambda *start: started.append(start)))
    [(status, headers)] = started
    return Answer(int(status[:3]), dict(headers), json.loads(body) if body else None)


def test_a_process_says_that_it_lives_without_a_database(settings):
    settings.SECURE_SSL_REDIRECT = True
    answer = ask("/healthz", HTTP_HOST="10.0.0.7:8000")  # pytest refuses a database here
    assert (answer.status, answer.parts) == (200, {"status": "ok"})
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_probe_changes_nothing():
    assert ask("/healthz", method="POST").status == 405
    head = ask("/healthz", method="HEAD")
    assert (head.status, head.parts) == (200, None)


def test_other_requests_are_passed_on():
    passed = mock.Mock(return_value=[])
    Probes(passed)({"PATH_INFO": "/healthz/"}, None)
    assert passed.called


@pytest.mark.django_db
class TestReady:
    def test_all_parts_work(self):
        answer = ask("/readyz", probes=Probes(None))
        assert answer.status == 200
        assert answer.parts == {"status": "ok", "database": "ok", "cache": "ok", "disk": "ok"}
        assert answer.headers["Cache-Control"] == "no-store"

    def test_the_database_is_away(self):
        with mock.patch.object(connection, "cursor", side_effect=OperationalError("gone")):
            answer = ask("/readyz", probes=Probes(None))
        assert (answer.status, answer.parts["status"]) == (503, "failed")
        assert (answer.parts["database"], answer.parts["disk"]) == ("failed", "ok")
        assert answer.headers["Cache-Control"] == "no-store"

    def test_the_disk_is_full(self, monkeypatch):
        monkeypatch.setattr(probes.shutil, "disk_usage", lambda folder: mock.Mock(free=1_000))
        answer = ask("/readyz", probes=Probes(None))
        assert (answer.status, answer.parts["disk"]) == (503, "failed")

    def test_media_cannot_be_written(self, settings, tmp_path, monkeypatch):
        settings.MEDIA_ROOT = str(tmp_path / "media")
        writable = mock.Mock(side_effect=lambda folder, mode: folder != tmp_path)
        monkeypatch.setattr(probes, "access", writable)
        assert ask("/readyz", probes=Probes(None)).parts["disk"] == "failed"

    def test_the_site_is_ready_without_its_cache(self, monkeypatch):
        away = ForgivingRedisCache("redis://127.0.0.1:1/0", {})
        monkeypatch.setattr(probes, "caches", {"default": away})
        answer = ask("/readyz", probes=Probes(None))
        assert (answer.status, answer.parts["cache"]) == (200, "failed")

    def test_many_probes_cost_one_check(self, django_assert_num_queries):
        ready = Probes(None)
        with django_assert_num_queries(1):
            ask("/readyz", probes=ready)
            ask("/readyz", probes=ready)
