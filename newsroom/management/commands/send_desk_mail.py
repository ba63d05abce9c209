"""Mails the staff what they want to hear of the work on articles."""

from django.core.management.base import BaseCommand, CommandError

from newsroom.desk_mail import send_desk_mail


class Command(BaseCommand):
    help = __doc__

    def handle(self, **options):
        try:
            count = send_desk_mail()
        except OSError as error:
            raise CommandError(f"The mail server refused: {error}") from error
        self.stdout.write(f"Mails sent: {count}")
