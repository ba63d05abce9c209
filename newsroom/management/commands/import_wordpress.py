"""Imports WordPress sites: ``manage.py import_wordpress export.xml --media uploads/``."""

import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from newsroom.management.progress import ProgressBar
from newsroom.wordpress.importer import Importer
from newsroom.wordpress.wxr.scan import BrokenExport


class Command(BaseCommand):
    help = "Import WordPress exports (WXR). Can be run again: it goes on, and updates."

    def add_arguments(self, parser):
        parser.add_argument(
            "file", type=Path, nargs="+", help="the exports: .xml, .xml.gz or .zip, in any order"
        )
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
            "--site-host",
            action="append",
            default=[],
            metavar="HOST",
            help="a further host of the old site, such as its CDN; can be repeated",
        )
        parser.add_argument(
            "--post-type",
            action="append",
            default=[],
            metavar="NAME=KIND",
            help="import items of a further type, as article or page; can be repeated",
        )
        parser.add_argument(
            "--taxonomy",
            action="append",
            default=[],
            metavar="NAME=KIND",
            help="import a further taxonomy, as tag, category or series; can be repeated",
        )
        parser.add_argument(
            "--section",
            action="append",
            default=[],
            metavar="[SITE=]NAME",
            help="put everything, or all of one site, below a category; can be repeated",
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
        _check_paths(options)
        bar = ProgressBar(sys.stderr, total=1, steps=2)
        importer = Importer(*options["file"], progress=bar, **_read_options(options))
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


def _check_paths(options):
    for path in options["file"]:
        if not path.is_file():
            raise CommandError(_("File not found: %s") % path)
    folders = [options["media"], options["report"] and options["report"].parent]
    for folder in filter(None, folders):
        if not folder.is_dir():
            raise CommandError(_("Folder not found: %s") % folder)


def _read_options(options):
    """Return the options of the command as those of the import."""
    return {
        "media_folder": options["media"],
        "download_media": options["download_media"],
        "private_hosts": tuple(options["private_host"]),
        "site_hosts": tuple(options["site_host"]),
        "votes_key": options["votes_meta"],
        "post_types": _read_pairs(options["post_type"], among=("article", "page")),
        "taxonomies": _read_pairs(options["taxonomy"], among=("tag", "category", "series")),
        "sections": _read_sections(options["section"]),
        "theirs": options["theirs"],
        "dry_run": options["dry_run"],
    }


def _read_pairs(texts, among):
    """Return {name: kind} of texts such as ``news=article``."""
    pairs = {}
    for text in texts:
        name, _equals, kind = text.partition("=")
        if not name or kind not in among:
            example = " / ".join(f"{name or 'name'}={each}" for each in among)
            raise CommandError(
                _("Not understood: %(text)s. Write it as %(example)s.")
                % {"text": text, "example": example}
            )
        pairs[name] = kind
    return pairs


def _read_sections(texts):
    """Return {part of a site's address: name of a section}; a name alone is for every site."""
    parts = (text.rpartition("=") for text in texts)
    return {site: name.strip() for site, _equals, name in parts if name.strip()}
