"""Finds the phrases of all headlines: ``manage.py split_headlines [--dry-run]``."""

from django.core.management.base import BaseCommand

from articles.models import Article, Category, Series
from articles.models.phrased import split_headlines
from newsroom.edition import raise_edition


class Command(BaseCommand):
    help = "Find the phrases of all headlines. Needed after an upgrade only; can be repeated."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="only count")

    def handle(self, *, dry_run, **options):
        models = Article, Series, Category
        count = sum(split_headlines(model, dry_run=dry_run) for model in models)
        if count and not dry_run:
            raise_edition()
        self.stdout.write(f"{count} headlines.")
