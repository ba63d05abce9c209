"""granian as the site starts it, and what must be true before."""

import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management.base import CommandError
from django.db import connection
from django.utils.translation import gettext as _

from newsroom.private_files import find_database_file

APPLICATION = "newsroom.asgi:application"
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
SERVER = [
    *("-m", "granian", "--interface", "asginl", "--http", "1", "--no-ws"),
    *("--http1-header-read-timeout", "10000", "--log-level", "warning"),
    # Without this the end of one worker ends all.
    "--respawn-failed-workers",
    *("--workers-kill-timeout", "1", "--working-dir", str(settings.BASE_DIR)),
]


def build_command(host, port, *options):
    return [sys.executable, *SERVER, "--host", host, "--port", str(port), *options, APPLICATION]


def run_server(command):
    """Run a server until Ctrl-C, hang-up or a signal; returns its exit code.

    The server has its own process group and gets one signal: granian's worker hangs if the
    terminal's Ctrl-C reaches it beside the signal of its main process.
    """
    server, is_stopped = None, False

    def stop(received, frame):
        nonlocal is_stopped
        is_stopped = True
        if server:
            server.terminate()

    for number in STOP_SIGNALS:
        signal.signal(number, stop)
    server = subprocess.Popen(command, process_group=0)
    if is_stopped:  # before there was a server
        server.terminate()
    return server.wait()


def check_port(host, port):
    """Raise CommandError if a port cannot be used. granian itself would share it with another
    server: each would get a part of the requests."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OverflowError:
            raise CommandError(_("%d is not a valid port.") % port) from None
        except OSError as error:
            raise CommandError(
                _(
                    "Port %(port)d cannot be used: %(reason)s. Stop the program that uses it, or "
                    "choose another port with --port %(other)d."
                )
                % {
                    "port": port,
                    "reason": error.strerror,
                    "other": 8001 if port < 1024 else port + 1,
                }
            ) from None


def check_folders():
    """Raise CommandError if the site cannot write where its data is."""
    folders = [Path(settings.MEDIA_ROOT)]
    if file := find_database_file(connection):
        folders.append(file.parent)
    for folder in folders:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                pass
        except OSError as error:
            raise CommandError(
                _("The folder %(folder)s cannot be written: %(reason)s.")
                % {"folder": folder, "reason": error.strerror}
            ) from None


def check_static_files():
    """Raise CommandError without the files that every page of a production site names."""
    names = getattr(staticfiles_storage, "hashed_files", None)
    if names is not None and not names:
        raise CommandError(
            _("The static files are missing. Run this first: manage.py collectstatic --noinput")
        )
