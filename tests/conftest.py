"""What every test starts from."""

from unittest import mock

import pytest
from django.apps import apps
from django.core.cache import caches
from django.core.management.commands import flush
from django.db import connection, transaction
from hypothesis import settings

from articles.search.sqlite import TABLE as ENTRIES

# Other tests run beside: what an example takes by the clock says nothing.
settings.register_profile("crowded", deadline=None)
settings.load_profile("crowded")


def pytest_collection_modifyitems(config, items):
    """Leave out with PostgreSQL what was already seen with SQLite and would not differ.

    What takes long comes first, so that no worker begins with it when the others have ended.
    """
    if connection.vendor != "sqlite":
        again = [item for item in items if item.get_closest_marker("once")]
        config.hook.pytest_deselected(items=again)
        items[:] = [item for item in items if item not in set(again)]
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Put back as rows what migrating wrote, after a test that committed and so emptied all
    tables. To let Django make types, rights and groups anew took a third of a second each time."""
    models = [model for model in apps.get_models(include_auto_created=True) if _is_table(model)]
    with django_db_blocker.unblock():
        kept = {model: rows for model in models if (rows := list(model._base_manager.all()))}

    def put_back(*arguments):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {ENTRIES}")  # is no model's, so Django leaves it alone
            for model, rows in kept.items():
                model._base_manager.bulk_create(rows)

    with mock.patch.object(flush, "emit_post_migrate_signal", put_back):
        yield


def _is_table(model):
    return model._meta.managed and not model._meta.proxy


@pytest.fixture(autouse=True)
def empty_cache():
    """Primary keys begin anew with every test, so nothing cached may outlive one."""
    caches["default"].clear()
    caches["pages"].clear()
