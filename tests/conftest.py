"""What every test starts from."""

import os
from unittest import mock

import pytest
from django.apps import apps
from django.contrib.staticfiles.finders import FileSystemFinder
from django.core.cache import caches
from django.core.management.color import no_style
from django.core.management.commands import flush
from django.db import connection, transaction
from hypothesis import settings

from articles.search.sqlite import TABLE as ENTRIES
from newsroom import site_identity
from newsroom.static_files import bundle_texts
from tests.site_client import route_through_page_cache

route_through_page_cache()

# Other tests run beside: what an example takes by the clock says nothing.
settings.register_profile("crowded", deadline=None)
settings.load_profile("crowded")

DATABASE = {"db", "transactional_db", "live_server"}  # fixtures that open a database


# Modules, by a part of their name, in which each case of a test is another query or another order.
EVERY_CASE = {"search", "malformed", "fuzz", "races", "concurrency", "verification", "indexes"}


def pytest_collection_modifyitems(config, items):
    """Leave out on PostgreSQL what SQLite has proved. On SQLite this comes first: the longest tests
    are among it, and a worker that starts one of them last keeps the other waiting."""
    if connection.vendor == "sqlite":
        kept = [item for item in items if not item.get_closest_marker("postgresql")]
    else:
        kept = find_first_cases(filter(depends_on_database, items))
    config.hook.pytest_deselected(items=list(set(items).difference(kept)))
    items[:] = kept
    items.sort(key=depends_on_database)


def find_first_cases(items):
    """Return the tests, those with parameters only with the first of them (of the slow ones too),
    unless the module's name says that each case counts."""
    first = {}
    for item in items:
        case = item.callspec.id if hasattr(item, "callspec") else ""
        every = case if any(part in item.path.stem for part in EVERY_CASE) else ""
        slow = item.get_closest_marker("slow") is not None
        first.setdefault((item.nodeid.partition("[")[0], slow, every), item)
    return list(first.values())


def depends_on_database(item):
    """Whether a test uses a database and is not marked `once`. pytest-django refuses a database
    to a test that asks for none."""
    if item.get_closest_marker("once"):
        return False
    return bool(item.get_closest_marker("django_db") or DATABASE.intersection(item.fixturenames))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Put back as rows what migrating wrote, after a test that committed and so emptied all
    tables. Django's own way takes a third of a second each time."""
    models = [model for model in apps.get_models(include_auto_created=True) if _is_table(model)]
    with django_db_blocker.unblock():
        kept = {model: rows for model in models if (rows := list(model._base_manager.all()))}

    # Their keys are taken on PostgreSQL too, whose sequences begin anew.
    resets = "; ".join(connection.ops.sequence_reset_sql(no_style(), list(kept)))

    def put_back(*arguments):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {ENTRIES}")  # is no model's, so Django leaves it alone
            for model, rows in kept.items():
                model._base_manager.bulk_create(rows)
            if resets:
                cursor.execute(resets)

    with mock.patch.object(flush, "emit_post_migrate_signal", put_back):
        yield


def _is_table(model):
    return model._meta.managed and not model._meta.proxy


@pytest.fixture(autouse=True)
def empty_cache():
    """Primary keys begin anew with every test, so nothing cached may outlive one. What identity
    the database has is known: the first use of a cache costs no query."""
    site_identity.note_edition(None)
    caches["default"].clear()
    caches["pages"].clear()
    caches["threads"].clear()


@pytest.fixture(scope="session")
def bundles(tmp_path_factory):
    """Styles and scripts in the bundles that production serves: a page loads three, not thirty."""
    folder = tmp_path_factory.mktemp("bundles")
    paths = {path: (storage, path) for path, storage in FileSystemFinder().list([])}
    for name, text in bundle_texts(paths).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        os.utime(path, (0, 0))  # so old that the browser does not ask for it again
    return folder
