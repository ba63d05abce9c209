"""Imports comments from Disqus: ``manage.py import_disqus FILE``."""

from newsroom.comment_systems.comment_sources import DISQUS
from newsroom.management.import_command import ImportCommand


class Command(ImportCommand):
    help = "Import comments from Disqus to articles by address. Can be run again: it updates."
    source = DISQUS
    file_help = "the exports: .xml, .xml.gz or .zip"
