"""Check every invariant of the threads, and repair them where asked."""

from django.core.management.base import BaseCommand, CommandError

from comments import verification
from comments.models import Thread


class Command(BaseCommand):
    help = "Check the threads: trees against parents, scores against votes, states, counts."

    def add_arguments(self, parser):
        parser.add_argument(
            "--repair", action="store_true", help="repair what is wrong, from parents and ledger"
        )

    def handle(self, *, repair, **options):
        checked = broken = 0
        for thread in Thread.objects.select_related("article").order_by("pk").iterator():
            faults = verification.find_faults(thread)
            if faults:
                check = verification.repair if repair else verification.confirm_faults
                faults = check(thread.article_id)
            checked += 1
            broken += bool(faults)
            for fault in faults:
                self.stdout.write(f"article {thread.article_id}: {fault}")
        if broken and not repair:
            raise CommandError(f"{broken} of {checked} threads are broken. Run it with --repair.")
        self.stdout.write(f"{checked} threads checked, {broken} repaired.")
