"""Rebuilds the search index: ``manage.py index_search [--dry-run]``."""

import sys

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils.translation import gettext as _

from articles import search as articles_search
from articles.models import Article
from comments import indexing
from comments.models import Comment
from newsroom.management.progress import ProgressBar

BATCH = 500


class Command(BaseCommand):
    help = "Index all articles and comments anew. Needed after an upgrade only; can be repeated."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="write nothing, only count")

    def handle(self, *, dry_run, **options):
        articles = Article.objects.prefetch_related("tags")
        comments = Comment.objects.with_text().only("text", "posted_at")
        kinds = [
            (articles_search.ARTICLE, articles, articles_search.build_entry),
            (indexing.COMMENT, comments, indexing.build_entry),
        ]
        total = sum(rows.count() for _kind, rows, _build_entry in kinds)
        self._bar = ProgressBar(sys.stderr, total=total, steps=1)
        self._done = 0
        counts = [self._index(*kind, dry_run) for kind in kinds]
        self._bar.clear()
        (articles_written, articles_removed), (comments_written, comments_removed) = counts
        self.stdout.write(
            _("Indexed articles: %(articles)d, comments: %(comments)d. Removed entries: %(gone)d.")
            % {
                "articles": articles_written,
                "comments": comments_written,
                "gone": articles_removed + comments_removed,
            }
        )
        if dry_run:
            self.stdout.write(_("Dry run: nothing was written."))

    def _index(self, kind, rows, build_entry, dry_run):
        """Write the entries of all rows and remove those without a row. Return both counts."""
        rows = rows.order_by("pk")
        written = removed = last = 0
        while last is not None:
            batch = list(rows.filter(pk__gt=last)[:BATCH])
            until = batch[-1].pk if batch else None
            with transaction.atomic():
                ids = articles_search.list_ids(kind, after=last, until=until)
                orphans = set(ids) - {row.pk for row in batch}
                if not dry_run:
                    articles_search.remove_entries(kind, orphans)
                    articles_search.write_entries(map(build_entry, batch))
            written, removed = written + len(batch), removed + len(orphans)
            last = until
            self._done += len(batch)
            self._bar(1, self._done)
        return written, removed
