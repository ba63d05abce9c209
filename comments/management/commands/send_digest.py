"""Mail the moderators what waits for them."""

from django.core.management.base import BaseCommand, CommandError

from comments.digests import send_daily, send_urgent


class Command(BaseCommand):
    help = (
        "Mail the moderators: --daily what waits and what was done, --urgent what cannot wait. "
        "Nothing is sent twice; run it from a timer as often as you like."
    )

    def add_arguments(self, parser):
        kinds = parser.add_mutually_exclusive_group(required=True)
        kinds.add_argument("--daily", action="store_const", const=send_daily, dest="send")
        kinds.add_argument("--urgent", action="store_const", const=send_urgent, dest="send")

    def handle(self, *, send, **options):
        try:
            sent = send()
        except OSError as error:
            raise CommandError(f"A mail could not be sent: {error}") from error
        self.stdout.write(f"Mails sent: {sent}.")
