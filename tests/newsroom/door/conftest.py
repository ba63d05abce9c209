"""The site by its own server, on the database of the tests."""

import pytest
from django.db import connection

from tests.benchmarks import databases, servers


@pytest.fixture(scope="module")
def server(django_db_setup):
    """One process, as ``manage.py demo`` starts it."""
    url = databases.address_of(connection.settings_dict)
    with servers.Server(url, DJANGO_SETTINGS_MODULE="tests.newsroom.door.settings") as server:
        yield server


@pytest.fixture
def site(transactional_db, server):
    """The running site."""
    return server
