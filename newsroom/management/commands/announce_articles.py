"""Tells a hub of WebSub and the search engines of IndexNow of new and changed articles."""

from django.core.management.base import BaseCommand, CommandError

from newsroom.announcing import AnnouncementFailed, announce_articles


class Command(BaseCommand):
    help = __doc__

    def handle(self, **options):
        try:
            counts = announce_articles()
        except AnnouncementFailed as error:
            raise CommandError(f"Not announced, the next run tries again: {error}") from error
        for channel, count in counts.items():
            self.stdout.write(f"{channel}: {count} addresses")
