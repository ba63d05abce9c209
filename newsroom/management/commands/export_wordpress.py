"""Writes a WordPress export: ``manage.py export_wordpress site.xml.gz``."""

import sys
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from newsroom.management.progress import ProgressBar
from newsroom.wordpress.export.site_export import SiteExport

STREAM = "-"
STEPS = 1_000  # of the progress bar


class Command(BaseCommand):
    help = "Write the site into a WordPress export (WXR). The site may go on serving."

    def add_arguments(self, parser):
        parser.add_argument("file", help="site.xml, site.xml.gz, or - for the standard output")
        parser.add_argument(
            "--split",
            type=int,
            default=0,
            metavar="MEGABYTES",
            help="write several files of about this size, before packing: site.001.xml …",
        )

    def handle(self, *, file, split, **options):
        if split < 0:
            raise CommandError(_("--split takes a number of megabytes above 0."))
        if split and file == STREAM:
            raise CommandError(_("The standard output cannot be split. Name a file."))
        bar = ProgressBar(sys.stderr, total=STEPS, steps=1)
        export = SiteExport(progress=lambda share: bar(1, round(share * STEPS)))
        try:
            if file == STREAM:
                export.write_stream(sys.stdout.buffer)
                return
            paths = export.write_file(_check_path(file), megabytes=split)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror or error}") from error
        finally:
            bar.clear()
        self.stdout.write(_describe(export.counts))
        self.stdout.write("\n".join(map(str, paths)))
        self.stdout.write(
            _("The files hold unpublished articles and removed comments: keep them to yourself.")
        )


def _check_path(text):
    path = Path(text)
    if path.is_dir():
        raise CommandError(_("This is a folder. Name a file: %s") % path)
    if not path.parent.is_dir():
        raise CommandError(_("Folder not found: %s") % path.parent)
    if path.resolve().is_relative_to(Path(settings.MEDIA_ROOT).resolve()):
        raise CommandError(_("The media folder is public. Name a file elsewhere: %s") % path)
    return path


def _describe(counts):
    return _(
        "Written: %(article)d articles, %(page)d pages, %(comment)d comments and mentions, "
        "%(media)d media files, %(redirect)d redirects."
    ) % {name: counts[name] for name in ("article", "page", "comment", "media", "redirect")}
