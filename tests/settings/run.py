"""One folder for a whole run of the tests, and its end.

The first process makes it; pytest-xdist's workers inherit its name. A guard process waits for
the first one to be gone, however it went, then stops the PostgreSQL in the folder, if there is
one, and removes it all.
"""

import atexit
import os
import subprocess
import sys
import tempfile
from pathlib import Path

VARIABLE = "NEWSROOM_TEST_RUN"
GUARD = Path(__file__).with_name("guard.py")


def folder():
    """Return the folder of this run."""
    if VARIABLE not in os.environ:
        os.environ[VARIABLE] = tempfile.mkdtemp(prefix="newsroom-tests-")
        _set_guard(os.environ[VARIABLE])
    return Path(os.environ[VARIABLE])


def _set_guard(path):
    """Start the guard. It reads from us until we end; a session of its own outlives Ctrl-C."""
    guard = subprocess.Popen(
        [sys.executable, GUARD, path],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )

    def dismiss():
        guard.stdin.close()
        guard.wait(timeout=20)

    atexit.register(dismiss)
