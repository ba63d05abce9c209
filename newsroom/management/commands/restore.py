"""Make a backup the content of this site."""

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from newsroom.backups.manifest import BackupError
from newsroom.backups.restoration import restore_backup


class Command(BaseCommand):
    help = "Make a backup the content of this site, and check its threads. Stop the site before."

    def add_arguments(self, parser):
        parser.add_argument("folder", metavar="DIR", help="what `backup DIR` has made")
        parser.add_argument(
            "--force", action="store_true", help="replace the content of a site that has some"
        )

    def handle(self, *, folder, force, **options):
        try:
            manifest = restore_backup(folder, force=force)
        except BackupError as error:
            raise CommandError(error) from error
        rows = sum(manifest.tables.values())
        self.stdout.write(
            f"{rows} rows, {len(manifest.media)} media of {manifest.created_at} restored."
        )
        call_command("verify_comments", stdout=self.stdout)
