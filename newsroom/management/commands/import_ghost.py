"""Imports Ghost sites: ``manage.py import_ghost export.json --site https://old.example``."""

from newsroom.ghost.ghost_source import GHOST
from newsroom.management.import_command import ImportCommand


class Command(ImportCommand):
    help = "Import the content of a Ghost site (JSON). Can be run again: it updates."
    source = GHOST
    file_help = "the exports: .json, .json.gz or .zip"
