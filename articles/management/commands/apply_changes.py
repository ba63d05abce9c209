"""Apply the scheduled changes of public articles whose moment has come."""

from django.core.management.base import BaseCommand

from articles.models import ArticleChange


class Command(BaseCommand):
    help = "Apply the scheduled changes of public articles whose moment has come."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="only count")

    def handle(self, *, dry_run, **options):
        changes = ArticleChange.objects
        count = changes.due().count() if dry_run else changes.apply_due()
        self.stdout.write(f"{count} changes.")
