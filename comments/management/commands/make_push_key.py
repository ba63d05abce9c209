"""Prints a new private key for Web Push, as a line of the file .env."""

from django.core.management.base import BaseCommand

from comments.web_push.messages import make_private_key


class Command(BaseCommand):
    help = __doc__ + " With another key all browsers must ask for messages again."
    requires_system_checks = []

    def handle(self, **options):
        self.stdout.write(f"PUSH_PRIVATE_KEY={make_private_key()}")
