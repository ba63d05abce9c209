"""Write the whole site into a folder that other programs can read."""

import sys

from django.core.files.storage import FileSystemStorage, default_storage
from django.core.management.base import BaseCommand, CommandError

from newsroom.backups.manifest import BackupError
from newsroom.management.progress import ProgressBar
from newsroom.site_archive.archive_writing import count_rows, export_site


class Command(BaseCommand):
    help = (
        "Write the whole site into a new folder, as JSON Lines with a schema and the media, while"
        " the site serves. Without passwords."
    )

    def add_arguments(self, parser):
        parser.add_argument("folder", metavar="DIR", help="is made; must not exist")
        parser.add_argument(
            "--with-keys",
            action="store_true",
            help="with the hashes of readers and networks, push subscriptions, secret feeds and"
            " share links, for a move to a server of your own with the same SECRET_KEY",
        )

    def handle(self, *, folder, with_keys, **options):
        bar = ProgressBar(sys.stderr, total=count_rows(with_keys=with_keys), steps=1)
        try:
            contents = export_site(folder, with_keys=with_keys, progress=lambda done: bar(1, done))
        except BackupError as error:
            raise CommandError(error) from error
        finally:
            bar.clear()
        self.stdout.write(f"{folder} holds {contents.describe()}.")
        if not isinstance(default_storage, FileSystemStorage):
            self.stdout.write(
                "The media library is in a bucket and not part of this archive: copy the bucket."
            )
