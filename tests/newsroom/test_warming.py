"""A process is warm before its first request."""

import gc
import logging

import pytest
from django.db import OperationalError
from django.test import Client

from articles.models import compiled
from newsroom import warming
from newsroom.page_cache import page_versions
from newsroom.wsgi import handler
from tests import factories


@pytest.fixture(autouse=True)
def thaw():
    yield
    gc.unfreeze()


@pytest.fixture
def cold(monkeypatch):
    """Forget what was compiled."""
    for statement in compiled.STATEMENTS:
        monkeypatch.setattr(statement, "_compiled", {})


@pytest.fixture
def compilations(monkeypatch):
    """The names of what is compiled from now on."""
    names, build = [], compiled.Statement.build_and_compile

    def note(statement, model=None, limit=1):
        names.append(statement.__name__)
        return build(statement, model, limit)

    def watch():
        monkeypatch.setattr(compiled.Statement, "build_and_compile", note)
        return names

    return watch


@pytest.mark.django_db(transaction=True)
def test_the_first_pages_of_a_warm_process_compile_nothing(cold, compilations, settings):
    settings.PAGE_CACHE_SECONDS = 0
    article = factories.article()
    factories.comment(article)
    warming.warm_up(handler)
    names = compilations()
    for address in ("/", article.get_absolute_url(), f"/comments/{factories.comment(article).pk}/"):
        assert Client().get(address).status_code == 200
    assert names == []


@pytest.mark.once
@pytest.mark.django_db(transaction=True)
def test_the_garbage_collector_leaves_out_what_was_loaded():
    warming.warm_up(handler)
    assert gc.get_freeze_count() > 50_000 > len(gc.get_objects())


@pytest.mark.once
@pytest.mark.django_db
def test_a_process_starts_without_the_database(monkeypatch, caplog):
    def fail(slug):
        raise OperationalError("The database is away.")

    monkeypatch.setattr(page_versions, "_read", fail)
    caplog.set_level(logging.INFO, logger="newsroom.warming")
    warming.warm_up(handler)
    assert "starts cold" in caplog.text
    assert gc.get_freeze_count()
