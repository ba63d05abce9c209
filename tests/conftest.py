"""What every test starts from."""

import pytest
from django.core.cache import caches
from django.db import connection


def pytest_collection_modifyitems(config, items):
    """Leave out with PostgreSQL what was already seen with SQLite and would not differ."""
    if connection.vendor == "sqlite":
        return
    again = [item for item in items if item.get_closest_marker("once")]
    config.hook.pytest_deselected(items=again)
    items[:] = [item for item in items if item not in set(again)]


@pytest.fixture(autouse=True)
def empty_cache():
    """Primary keys begin anew with every test, so nothing cached may outlive one."""
    caches["default"].clear()
    caches["pages"].clear()
