"""Serves the demo site on this machine: ``manage.py demo [--port N] [--large]``.

Prepares the database and the static files, loads the demo and serves the site as in production.
It can be run again.
"""

import os
import signal
import sys
from contextlib import contextmanager

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from newsroom.server import build_command, check_folders, check_port, run_server

HOST = "127.0.0.1"
INTERRUPTED = 130  # exit code


class Command(BaseCommand):
    help = "Prepare everything, load the demo and serve the site on this machine alone."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--port", type=int, default=8000, help="default: 8000")
        parser.add_argument(
            "--large", action="store_true", help="with an article that has 1,000 comments"
        )

    def handle(self, *, port, large, verbosity, **options):
        if settings.HTTPS:
            raise CommandError(
                _(
                    "SITE_URL is %s, but the demo is served only on this machine and "
                    "without encryption. Run it in a separate folder."
                )
                % settings.SITE_URL
            )
        check_port(HOST, port)
        check_folders()
        with ended_by_ctrl_c(_("Stopped. The next run continues from here.")):
            self._prepare(large=large, verbosity=verbosity)
        self._serve(port)

    def _prepare(self, *, large, verbosity):
        quiet = max(0, verbosity - 1)
        self._write(_("Preparing the database …"))
        call_command("migrate", verbosity=quiet, interactive=False)
        self._write(_("Collecting and compressing the static files …"))
        call_command("collectstatic", verbosity=quiet, interactive=False)
        self._write(_("Loading the demo, with its pictures …"))
        call_command("load_demo", large=large, verbosity=verbosity, stdout=self.stdout)

    def _serve(self, port):
        address = f"http://{HOST}:{port}"
        message = _(
            "The site is at %(address)s, the admin at %(address)s/admin/. Press Ctrl-C to stop."
        )
        self._write(message % {"address": address})
        os.environ["SITE_URL"] = address
        os.environ["ALLOWED_HOSTS"] = f"{HOST},localhost"
        code = run_server(build_command(HOST, port))
        self._write(_("Stopped."))
        sys.exit(code)

    def _write(self, text):
        self.stdout.write(text)
        self.stdout.flush()


@contextmanager
def ended_by_ctrl_c(sentence):
    """Ctrl-C says a sentence and ends the process within the signal: an exception may come up in a
    callback that forgets it, or wait for a pool that compresses files. Nothing is lost; whatever
    is half done is done again."""
    said = f"{sentence}\n".encode()

    def end(number, frame):
        os.write(2, said)
        os._exit(INTERRUPTED)

    before = signal.signal(signal.SIGINT, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
