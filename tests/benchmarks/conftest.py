"""The site by its own server, on the database of the tests."""

import pytest
from django.db import connection

from tests.benchmarks import databases, servers


@pytest.fixture
def site(transactional_db):
    """The running site: two processes of several threads, which share only the database."""
    url = databases.address_of(connection.settings_dict)
    with servers.Server(url, workers=2) as server:
        yield server
