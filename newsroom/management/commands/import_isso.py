"""Imports comments from Isso: ``manage.py import_isso FILE``."""

from newsroom.comment_systems.comment_sources import ISSO
from newsroom.management.import_command import ImportCommand


class Command(ImportCommand):
    help = "Import comments from Isso to articles by address. Can be run again: it updates."
    source = ISSO
    file_help = "copies of Isso's SQLite database"
