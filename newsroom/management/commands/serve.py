"""Serves the site: ``manage.py serve [--host H] [--port N] [--workers N]``."""

import os

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from newsroom.server import build_command, check_folders, check_port, check_static_files

LOCAL_CACHE = "django.core.cache.backends.locmem.LocMemCache"
PATIENCE = "20"  # seconds for requests under way when the server is stopped


class Command(BaseCommand):
    help = "Serve the site in production. A port that is in use is refused."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--host", default="127.0.0.1", help="default: 127.0.0.1")
        parser.add_argument("--port", type=int, default=8000, help="default: 8000")
        parser.add_argument("--workers", type=int, default=1, help="processes; default: 1")

    def handle(self, *, host, port, workers, **options):
        check_port(host, port)
        check_folders()
        check_static_files()
        command = build_command(
            host, port, "--workers", str(workers), "--workers-kill-timeout", PATIENCE
        )
        self._announce(host, port, workers)
        os.execv(command[0], command)  # signals reach the server itself

    def _announce(self, host, port, workers):
        if workers > 1 and settings.CACHES["default"]["BACKEND"] == LOCAL_CACHE:
            self.stderr.write(
                _(
                    "Each of the %d processes has a cache of its own, and limits count in each of"
                    " them. Set CACHE_URL to a Redis that all share."
                )
                % workers
            )
        name = f"[{host}]" if ":" in host else host
        self.stdout.write(
            _("The site answers at http://%(host)s:%(port)d/") % {"host": name, "port": port}
        )
        self.stdout.flush()
