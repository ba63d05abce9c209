"""Purge the texts that moderation keeps."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from articles import search
from comments.management.commands.purge_identities import parse_days
from comments.purging import KINDS, purge_moderation


class Command(BaseCommand):
    help = (
        "Erase for good what moderation has kept: removed and old texts, what reports and"
        " objections say, and notes. States, dates, counts and the ledger stay."
    )

    def add_arguments(self, parser):
        parser.add_argument("--older-than", type=parse_days, required=True, metavar="180d")
        parser.add_argument(
            "--only", nargs="+", choices=KINDS, metavar="KIND", help=f"some of: {', '.join(KINDS)}"
        )
        parser.add_argument("--dry-run", action="store_true", help="only count")

    def handle(self, *, older_than, only, dry_run, **options):
        before = timezone.now() - older_than
        counts = purge_moderation(before=before, kinds=only, dry_run=dry_run)
        if not dry_run:
            search.optimize_index()
        for kind, count in counts.items():
            self.stdout.write(f"{kind}: {count}")
