"""Imports a running WordPress: ``manage.py import_wordpress_site https://old.example``."""

import sys
from getpass import getpass

from django.conf import settings
from django.utils.translation import gettext as _

from newsroom.importing.import_source import ImportSource, read_address
from newsroom.management.import_command import ImportCommand
from newsroom.wordpress.rest.rest_importer import RestImporter
from newsroom.wordpress.wordpress_source import OPTIONS


class Command(ImportCommand):
    help = "Import a running WordPress site by its REST API. Can be run again: it updates."
    source = ImportSource(
        code="wordpress_site",
        label="WordPress",
        build_importer=RestImporter,
        endings=(),
        options=OPTIONS,
        steps=RestImporter.steps,
    )

    def add_origin(self, parser):
        parser.add_argument("address", help="the address of the old site")
        parser.add_argument(
            "--user",
            default="",
            metavar="NAME",
            help="a user of the old site, whose application password is asked for, or taken from"
            " WORDPRESS_APPLICATION_PASSWORD; without one, only what readers see is imported",
        )

    def read_origin(self, values):
        address, login = values["address"], values["user"]
        if "://" not in address:
            address = f"https://{address}"
        password = _find_password() if login else ""
        return [read_address(address)], {"login": login, "password": password}


def _find_password():
    """Return the application password, which is never an argument: others could see it there."""
    password = settings.WORDPRESS_APPLICATION_PASSWORD
    if not password and sys.stdin.isatty():
        password = getpass(_("Application password: "))
    if not password:
        raise ValueError(
            _("Set WORDPRESS_APPLICATION_PASSWORD to an application password of this user.")
        )
    return password
