"""Back up the database and the media, while the site serves."""

from django.core.files.storage import FileSystemStorage, default_storage
from django.core.management.base import BaseCommand, CommandError

from newsroom.backups.creation import create_backup
from newsroom.backups.manifest import BackupError


class Command(BaseCommand):
    help = "Back up the database and the media into a new folder. The site may go on serving."

    def add_arguments(self, parser):
        parser.add_argument("folder", metavar="DIR", help="is made; must not exist")

    def handle(self, *, folder, **options):
        try:
            manifest = create_backup(folder)
        except BackupError as error:
            raise CommandError(error) from error
        rows = sum(manifest.tables.values())
        self.stdout.write(f"{rows} rows, {len(manifest.media)} media. Checked by reading it back.")
        if not isinstance(default_storage, FileSystemStorage):
            self.stdout.write(
                "The media library is in a bucket and not part of this backup: copy the bucket, or"
                " let it keep the versions of its objects."
            )
