"""Fills an empty site with invented articles and comments, to measure how it grows:
``manage.py generate_load_data [--articles 20000] [--comments 1000000]``.
"""

import sys
import time

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from articles.models import Article
from newsroom.load_data.filler import fill_site
from newsroom.management.progress import ProgressBar

SHARE = 1_000  # steps of the progress bar


class Command(BaseCommand):
    help = "Fill an empty site with invented articles and comments, to measure how it grows."

    def add_arguments(self, parser):
        parser.add_argument("--articles", type=int, default=20_000, help="default: 20000")
        parser.add_argument("--comments", type=int, default=1_000_000, help="default: 1000000")
        parser.add_argument("--seed", type=int, default=1, help="other numbers, other texts")
        parser.add_argument(
            "--force", action="store_true", help="add them to a site that has articles"
        )

    def handle(self, *, articles, comments, seed, force, **options):
        if articles < 1 or comments < 0:
            raise CommandError(_("At least one article is needed, and no negative number."))
        if Article.objects.exists() and not force:
            raise CommandError(
                _("Nothing was written: this site has articles. --force adds the invented ones.")
            )
        bar = ProgressBar(sys.stderr, total=SHARE, steps=2)
        started = time.monotonic()
        fill_site(
            articles,
            comments,
            seed=seed,
            progress=lambda step, share: bar(step, round(SHARE * share)),
        )
        bar.clear()
        self.stdout.write(
            _("Written: %(articles)d articles, %(comments)d comments, in %(seconds)d seconds.")
            % {
                "articles": articles,
                "comments": comments,
                "seconds": time.monotonic() - started,
            }
        )
        self.stdout.write(
            _("manage.py preload_pages renders the pages of articles before readers ask for them.")
        )
