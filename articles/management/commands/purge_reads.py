"""Delete old read counts and network keys."""

from datetime import timedelta

from django.core.management.base import BaseCommand
from django.utils import timezone

from articles.reads import delete_old_counts

DAYS = 90


class Command(BaseCommand):
    help = "Delete old read counts and network keys. The rankings need the counts of the last week."

    def add_arguments(self, parser):
        parser.add_argument("--days", type=int, default=DAYS, help=f"how old (default: {DAYS})")
        parser.add_argument("--dry-run", action="store_true", help="only count")

    def handle(self, *, days, dry_run, **options):
        counts, keys = delete_old_counts(
            before=timezone.now() - timedelta(days=days), dry_run=dry_run
        )
        self.stdout.write(f"{counts} counts of readings, {keys} network keys.")
