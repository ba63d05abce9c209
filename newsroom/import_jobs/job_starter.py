"""Starts ``manage.py run_imports`` from the server when an import waits.

Only with SQLite: a site with PostgreSQL has a timer for it. The import is a process of its own,
so it takes no time from the threads that answer readers; it ends with the server.
"""

import logging
import os
import subprocess
import sys
from itertools import count
from threading import Thread
from time import sleep

from django.conf import settings
from django.db import connection

from newsroom.import_jobs.import_job import ImportJob
from newsroom.import_jobs.job_worker import delete_old_files, hold_lock
from newsroom.timer_log import log_failure

logger = logging.getLogger(__name__)
PAUSE = 3  # seconds
TIDY_EVERY = 1_200  # pauses: an hour


def start_imports():
    """Start what waits, as long as this process runs."""
    if connection.vendor == "sqlite":
        Thread(target=_start_again_and_again, name="imports", daemon=True).start()


def is_needed():
    """Whether something waits and no worker is there."""
    if not ImportJob.objects.at_work().exists():
        return False
    with hold_lock() as is_alone:
        return is_alone


def tidy_up():
    """Delete old uploads, unless a worker is there, which does so itself."""
    if not settings.IMPORT_UPLOADS.is_dir():
        return
    with hold_lock() as is_alone:
        if is_alone:
            delete_old_files()


def build_command():
    manage = str(settings.BASE_DIR / "manage.py")
    return [sys.executable, manage, "run_imports", "--parent", str(os.getpid())]


def _start_again_and_again():
    for turn in count():
        if _look(is_needed):
            silent = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL}
            subprocess.run(build_command(), check=False, **silent)
        elif turn % TIDY_EVERY == 0:
            _look(tidy_up)
        sleep(PAUSE)


def _look(act):
    """Return what an act returns; whatever fails is tried again later."""
    try:
        return act()
    except Exception as error:
        log_failure(logger, "The imports could not be looked for now.", error)
        return None
    finally:
        connection.close()
