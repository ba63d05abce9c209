"""Delete working copies of forms that were left long ago."""

from datetime import timedelta

from django.core.management.base import BaseCommand
from django.utils import timezone

from articles.models import WorkingCopy

DAYS = 30


class Command(BaseCommand):
    help = "Delete working copies: the unsaved words of forms that were closed long ago."

    def add_arguments(self, parser):
        parser.add_argument("--days", type=int, default=DAYS, help=f"how old (default: {DAYS})")
        parser.add_argument("--dry-run", action="store_true", help="only count")

    def handle(self, *, days, dry_run, **options):
        copies = WorkingCopy.objects.older_than(timezone.now() - timedelta(days=days))
        count = copies.count() if dry_run else copies.delete()[0]
        self.stdout.write(f"{count} working copies.")
