"""Serves the demo site on this machine: ``manage.py demo [--port N] [--large]``.

Prepares the database and the static files, loads the demo and serves the site as in production.
It can be run again.
"""

import os
import signal
import socket
import subprocess
import sys

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

HOST = "127.0.0.1"
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
SERVER = [
    *("-m", "granian", "--interface", "asginl", "--http", "1", "--no-ws"),
    *("--http1-header-read-timeout", "10000", "--log-level", "warning"),
    *("--workers-kill-timeout", "5", "--working-dir", str(settings.BASE_DIR)),
]


def run_server(command):
    """Run a server until Ctrl-C, hang-up or a signal; returns its exit code.

    The server has its own process group and gets one signal: granian's worker hangs if the
    terminal's Ctrl-C reaches it beside the signal of its main process.
    """
    server = subprocess.Popen(command, process_group=0)

    def stop(received, frame):
        for number in STOP_SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        server.terminate()

    for number in STOP_SIGNALS:
        signal.signal(number, stop)
    return server.wait()


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
        self._check_port(port)
        try:
            self._prepare(large=large, verbosity=verbosity)
        except KeyboardInterrupt:
            raise CommandError(
                _("Stopped. The next run continues from here."), returncode=130
            ) from None
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
        command = [sys.executable, *SERVER, "--host", HOST, "--port", str(port)]
        sys.exit(run_server([*command, "newsroom.asgi:application"]))

    def _check_port(self, port):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OverflowError:
                raise CommandError(_("%d is not a valid port.") % port) from None
            except OSError as error:
                raise CommandError(
                    _(
                        "Port %(port)d cannot be used: %(reason)s. Stop the program "
                        "that uses it, or choose another port: manage.py demo --port "
                        "%(other)d"
                    )
                    % {
                        "port": port,
                        "reason": error.strerror,
                        "other": 8001 if port < 1024 else port + 1,
                    }
                ) from None

    def _write(self, text):
        self.stdout.write(text)
        self.stdout.flush()
