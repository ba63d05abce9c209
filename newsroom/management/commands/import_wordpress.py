"""Imports WordPress sites: ``manage.py import_wordpress export.xml --media uploads/``."""

from newsroom.management.import_command import ImportCommand
from newsroom.wordpress.wordpress_source import WORDPRESS


class Command(ImportCommand):
    help = "Import WordPress exports (WXR). Can be run again: it goes on, and updates."
    source = WORDPRESS
    file_help = "the exports: .xml, .xml.gz or .zip, in any order"
