"""Tells readers of answers to their comments, in the browsers that asked for it."""

from django.conf import settings
from django.core.management.base import BaseCommand

from comments.web_push.answers import send_answers


class Command(BaseCommand):
    help = __doc__

    def handle(self, **options):
        if not settings.PUSH_PRIVATE_KEY:
            self.stdout.write("PUSH_PRIVATE_KEY is not set: no browser asks for messages.")
            return
        report = send_answers()
        for failure in report.failures:
            self.stderr.write(f"Not delivered, the next run tries again: {failure}")
        self.stdout.write(f"Messages sent: {report.sent}, subscriptions ended: {report.gone}")
