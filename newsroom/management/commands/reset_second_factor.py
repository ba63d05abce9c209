from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from newsroom.second_factor.devices import reset_second_factor


class Command(BaseCommand):
    help = "Removes the second factor of one person, who has lost it, and ends their sessions."

    def add_arguments(self, parser):
        parser.add_argument("username")

    def handle(self, username, **options):
        user = get_user_model().objects.filter(username=username).first()
        if not user:
            raise CommandError(f"There is no user {username}.")
        count = reset_second_factor(user)
        devices = "1 device" if count == 1 else f"{count} devices"
        self.stdout.write(f"Removed {devices} and the recovery codes of {username}.")
