"""The suite on SQLite, in a file: threads and live servers need one."""

import os

from tests.settings import run

os.environ["DATABASE_URL"] = f"sqlite:///{run.folder() / 'newsroom.sqlite3'}"

from tests.settings.base import *  # noqa: F403

DATABASES["default"]["TEST"] = {"NAME": str(run.folder() / "test.sqlite3")}  # noqa: F405
