"""Loads the demo: ``manage.py load_demo [--large]``."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from newsroom.demo.loading import Demo
from newsroom.demo.staff import STAFF


class Command(BaseCommand):
    help = "Load the demo content and its staff logins. Can be run again: it adds what is missing."

    def add_arguments(self, parser):
        parser.add_argument(
            "--large", action="store_true", help="with an article that has 1,000 comments"
        )

    def handle(self, *, large, **options):
        demo = Demo(large=large)
        if not demo.is_complete:
            self._check_no_other_articles(demo)
            demo.load()
        self._report(demo.counts)

    def _check_no_other_articles(self, demo):
        if not settings.DEBUG and demo.find_other_articles().exists():
            raise CommandError(
                _(
                    "Nothing was loaded: this site has articles of its own, and the "
                    "passwords of the demo are public. Load the demo into an empty "
                    "database, or set DEBUG=on on a private machine."
                )
            )

    def _report(self, counts):
        texts = {
            "category": ngettext("%d category", "%d categories", counts["category"]),
            "picture": ngettext("%d picture", "%d pictures", counts["picture"]),
            "article": ngettext("%d article", "%d articles", counts["article"]),
            "comment": ngettext("%d comment", "%d comments", counts["comment"]),
            "vote": ngettext("%d vote", "%d votes", counts["vote"]),
        }
        new = [text % counts[kind] for kind, text in texts.items() if counts[kind]]
        if new:
            self.stdout.write(_("Loaded: %s.") % ", ".join(new))
        else:
            self.stdout.write(_("The demo is already complete. Nothing was changed."))
        if counts["left out"]:
            message = ngettext(
                "%d article was skipped because its address is already in use.",
                "%d articles were skipped because their addresses are already in use.",
                counts["left out"],
            )
            self.stdout.write(message % counts["left out"])
        self.stdout.write(_("Staff logins (these passwords are public; change or delete them):"))
        for member in STAFF:
            self.stdout.write(f"  {member.login:<10} {member.password}")
