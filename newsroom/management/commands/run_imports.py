"""Carries out the imports that were started in the admin: ``manage.py run_imports [--watch]``."""

import os
import signal
from time import sleep

from django.core.management.base import BaseCommand

from newsroom.import_jobs.job_worker import run_waiting

PAUSE = 5  # seconds
STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)


class Command(BaseCommand):
    help = "Carry out the imports that wait in the admin, and delete old uploads."

    def add_arguments(self, parser):
        parser.add_argument("--watch", action="store_true", help="go on and wait for the next ones")
        parser.add_argument(
            "--parent", type=int, metavar="PID", help="end when this parent process has ended"
        )

    def handle(self, *, watch, parent, **options):
        self._is_stopped, self._parent = False, parent
        before = {number: signal.signal(number, self._stop) for number in STOP_SIGNALS}
        try:
            self._run()
            while watch and not self._must_stop():
                self._pause()
                self._run()
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _run(self):
        jobs = run_waiting(self._must_stop)
        if jobs is None:
            self.stdout.write("Another run_imports is at work.")
        for job in jobs or ():
            self.stdout.write(f"import {job.pk}: {job.state}")

    def _stop(self, number, frame):
        self._is_stopped = True

    def _must_stop(self):
        return self._is_stopped or bool(self._parent and os.getppid() != self._parent)

    def _pause(self):
        """Sleep in short pieces, which a signal ends."""
        for _second in range(PAUSE):
            if self._must_stop():
                return
            sleep(1)
