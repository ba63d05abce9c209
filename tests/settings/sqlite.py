"""The suite on SQLite, in a file: threads and live servers need one."""

import os
import tempfile
from pathlib import Path

_FOLDER = Path(tempfile.mkdtemp(prefix="newsroom-sqlite-"))
os.environ["DATABASE_URL"] = f"sqlite:///{_FOLDER / 'newsroom.sqlite3'}"

from tests.settings.base import *  # noqa: E402, F403

DATABASES["default"]["TEST"] = {"NAME": str(_FOLDER / "test.sqlite3")}  # noqa: F405
