"""Purge old reader keys and networks."""

import re
from datetime import timedelta

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from comments.retention import purge


def parse_days(text):
    """Read an age like ``90d``."""
    if not re.fullmatch(r"[0-9]{1,5}d", text):
        raise CommandError(f"{text!r} is no age; write the days like 90d.")
    return timedelta(days=int(text[:-1]))


class Command(BaseCommand):
    help = "Forget reader keys and networks of old comments and votes; scores stay as they are."

    def add_arguments(self, parser):
        parser.add_argument("--older-than", type=parse_days, required=True, metavar="90d")
        parser.add_argument("--dry-run", action="store_true", help="only count")

    def handle(self, *, older_than, dry_run, **options):
        counts = purge(before=timezone.now() - older_than, dry_run=dry_run)
        self.stdout.write(", ".join(f"{count} {what}" for what, count in counts.items()) + ".")
