"""Imports comments from Remark42: ``manage.py import_remark42 FILE``."""

from newsroom.comment_systems.comment_sources import REMARK42
from newsroom.management.import_command import ImportCommand


class Command(ImportCommand):
    help = "Import comments from Remark42 to articles by address. Can be run again: it updates."
    source = REMARK42
    file_help = "the backups, gzipped or not"
