"""Mails that a unit of systemd has failed: ``manage.py report_failure UNIT``."""

from django.conf import settings
from django.core.mail import mail_admins
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Mail to ADMINS that a unit of systemd has failed."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("unit")

    def handle(self, *, unit, **options):
        if not settings.ADMINS:
            self.stderr.write("ADMINS names nobody: no mail was sent.")
            return
        mail_admins(
            f"{unit} failed",
            f"The unit {unit} has failed. Its messages: journalctl -u {unit} -n 100\n",
        )
