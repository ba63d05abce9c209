"""Imports a running WordPress: ``manage.py import_wordpress_site https://old.example``."""

import sys
from getpass import getpass
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from newsroom.management.import_command import ImportCommand
from newsroom.wordpress.rest.rest_importer import RestImporter


class Command(ImportCommand):
    help = "Import a running WordPress site by its REST API. Can be run again: it updates."

    def add_arguments(self, parser):
        parser.add_argument("address", help="the address of the old site")
        parser.add_argument(
            "--user",
            default="",
            metavar="NAME",
            help="a user of the old site, whose application password is asked for, or taken from"
            " WORDPRESS_APPLICATION_PASSWORD; without one, only what readers see is imported",
        )
        self.add_media_arguments(parser, folder="the old site's wp-content/uploads folder")
        self.add_wordpress_arguments(parser)
        self.add_run_arguments(parser)

    def handle(self, *args, **options):
        self.run_import(
            RestImporter,
            _check_address(options["address"]),
            options=options,
            login=options["user"],
            password=_find_password() if options["user"] else "",
        )


def _check_address(address):
    """Return an address with a scheme; raises a ``CommandError`` for anything else."""
    url = address if "://" in address else f"https://{address}"
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in {"http", "https"} or not parts.hostname or "@" in parts.netloc:
        host = parts.hostname or ""  # not the whole address, which may hold a password
        raise CommandError(_("Not an address: %s. Write it as https://old.example.") % host)
    return url


def _find_password():
    """Return the application password, which is never an argument: others could see it there."""
    password = settings.WORDPRESS_APPLICATION_PASSWORD
    if not password and sys.stdin.isatty():
        password = getpass(_("Application password: "))
    if not password:
        raise CommandError(
            _("Set WORDPRESS_APPLICATION_PASSWORD to an application password of this user.")
        )
    return password
