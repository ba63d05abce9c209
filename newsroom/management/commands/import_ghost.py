"""Imports a Ghost site: ``manage.py import_ghost export.json --site https://old.example``."""

import re
from pathlib import Path
from urllib.parse import urlsplit

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from newsroom.ghost.ghost_importer import GhostImporter
from newsroom.management.import_command import ImportCommand, check_files

PERMALINK = re.compile(
    r"(?:[^{}\s]|\{(?:slug|id|uuid|year|month|day|primary_tag|primary_author)\})+"
)


class Command(ImportCommand):
    help = "Import the content of a Ghost site (JSON). Can be run again: it updates."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, nargs="+", help="the exports: .json or .json.gz")
        parser.add_argument(
            "--site", required=True, metavar="URL", help="the address of the old site"
        )
        parser.add_argument(
            "--permalink",
            default="/{slug}/",
            help="the addresses of posts, as routes.yaml has them, such as /{year}/{slug}/",
        )
        parser.add_argument(
            "--primary-tag-as-category",
            action="store_true",
            help="make the first tag of each post the category of the article",
        )
        self.add_media_arguments(parser, folder="the old site's content folder")
        self.add_run_arguments(parser)

    def handle(self, *args, **options):
        check_files(options["file"])
        self.run_import(
            GhostImporter,
            *options["file"],
            options=options,
            site=_check_site(options["site"]),
            permalink=_check_permalink(options["permalink"]),
            tag_as_category=options["primary_tag_as_category"],
        )


def _check_site(url):
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise CommandError(_("Not an address: %s. Write it as https://old.example.") % url)
    return url


def _check_permalink(text):
    if not text.startswith("/") or "{slug}" not in text or not PERMALINK.fullmatch(text):
        raise CommandError(
            _("Not understood: %(text)s. Write it as %(example)s.")
            % {"text": text, "example": "/{year}/{month}/{slug}/"}
        )
    return text
