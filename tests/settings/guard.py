"""Outlives a run of the tests by a moment: stops its PostgreSQL and removes its folder."""

import os
import shutil
import signal
import sys
import time
from pathlib import Path

PATIENCE = 15  # seconds for a fast shutdown


def main(folder):
    sys.stdin.buffer.read()  # ends when the process of the tests does
    _stop(folder / "postgresql" / "postmaster.pid")
    shutil.rmtree(folder, ignore_errors=True)


def _stop(pid_file):
    """Ask a PostgreSQL to end its connections and stop; it takes its pid file with it."""
    try:
        pid = int(pid_file.read_text().split()[0])
        os.kill(pid, signal.SIGINT)
    except (FileNotFoundError, ProcessLookupError):
        return
    until = time.monotonic() + PATIENCE
    while pid_file.exists() and time.monotonic() < until:
        time.sleep(0.05)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
