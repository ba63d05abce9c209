"""Tells others of new and changed articles, and verifies the webmentions that came in."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from newsroom.announcing import AnnouncementFailed, announce_articles
from newsroom.webmentions.receiving import verify_waiting


class Command(BaseCommand):
    help = __doc__

    def handle(self, **options):
        if settings.WEBMENTIONS:
            self.stdout.write(f"webmentions for moderators: {verify_waiting()}")
        try:
            counts = announce_articles()
        except AnnouncementFailed as error:
            raise CommandError(f"Not announced, the next run tries again: {error}") from error
        for channel, count in counts.items():
            self.stdout.write(f"{channel}: {count}")
