"""Imports a WordPress site: ``manage.py import_wordpress export.xml --media uploads/``."""

import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from newsroom.management.progress import ProgressBar
from newsroom.wordpress.importer import Importer
from newsroom.wordpress.wxr.scan import BrokenExport


class Command(BaseCommand):
    help = "Import a WordPress export (WXR). Can be run again: it goes on, and updates."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="the export, an .xml file")
        media = parser.add_mutually_exclusive_group()
        media.add_argument(
            "--media", type=Path, metavar="DIR", help="the old site's wp-content/uploads folder"
        )
        media.add_argument(
            "--download-media", action="store_true", help="fetch the media from the old site"
        )
        parser.add_argument(
            "--private-host",
            action="append",
            default=[],
            metavar="HOST",
            help="a host of a private network from which media may be fetched; can be repeated",
        )
        parser.add_argument(
            "--votes-meta",
            default="",
            metavar="KEY",
            help="the comment meta that holds the count of votes, if its plugin is not known",
        )
        parser.add_argument(
            "--theirs",
            action="store_true",
            help="take the export's version of what was changed there and here",
        )
        parser.add_argument(
            "--report", type=Path, metavar="FILE", help="write every note into a CSV file"
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="write nothing, only say what would happen"
        )

    def handle(self, *args, **options):
        path = options["file"]
        if not path.is_file():
            raise CommandError(_("File not found: %s") % path)
        if options["media"] and not options["media"].is_dir():
            raise CommandError(_("Folder not found: %s") % options["media"])
        if options["report"] and not options["report"].parent.is_dir():
            raise CommandError(_("Folder not found: %s") % options["report"].parent)
        bar = ProgressBar(sys.stderr, total=path.stat().st_size, steps=2)
        importer = Importer(
            path,
            media_folder=options["media"],
            download_media=options["download_media"],
            private_hosts=options["private_host"],
            votes_key=options["votes_meta"],
            theirs=options["theirs"],
            dry_run=options["dry_run"],
            progress=bar,
        )
        report = importer.report
        try:
            importer.run()
        except BrokenExport as error:
            raise CommandError(
                _("%s Everything before that point was imported.") % error
                if report.outcomes
                else str(error)
            ) from error
        except KeyboardInterrupt:
            raise CommandError(_("Interrupted. The next run continues from here.")) from None
        finally:
            bar.clear()
            for line in report.format_lines():
                self.stdout.write(line)
            if options["report"]:
                report.write_csv(options["report"])
        if options["dry_run"]:
            self.stdout.write(_("Dry run: nothing was written."))
        elif report.changed_nothing:
            self.stdout.write(_("Nothing has changed since the last import."))
        else:
            self.stdout.write(
                _(
                    "manage.py preload_pages renders the pages of articles before readers ask for"
                    " them."
                )
            )
