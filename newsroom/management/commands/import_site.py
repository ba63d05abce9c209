"""Make what ``export_site`` has written the content of this site."""

import sys

from django.core.management.base import BaseCommand, CommandError

from newsroom.backups.manifest import BackupError
from newsroom.management.progress import ProgressBar
from newsroom.site_archive.archive_reading import import_site


class Command(BaseCommand):
    help = "Read what export_site has written into an empty site. Stop the site before."

    def add_arguments(self, parser):
        parser.add_argument("folder", metavar="DIR", help="what `export_site DIR` has written")
        parser.add_argument(
            "--force", action="store_true", help="replace the content of a site that has some"
        )

    def handle(self, *, folder, force, **options):
        bar = ProgressBar(sys.stderr, total=1, steps=1)
        try:
            contents = import_site(
                folder,
                force=force,
                progress=lambda share: bar(1, share),
                stdout=self.stdout,
            )
        except BackupError as error:
            raise CommandError(error) from error
        finally:
            bar.clear()
        self.stdout.write(f"Read from {folder}: {contents.describe()}.")
        self.stdout.write("No account has a password: `manage.py changepassword NAME` sets one.")
