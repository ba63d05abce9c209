"""The base class of the commands that import from another system."""

import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _

from newsroom.importing.running import run_import
from newsroom.management.progress import ProgressBar


class ImportCommand(BaseCommand):
    """Imports from ``source``, an ``ImportSource``, with its options, ``--report`` and
    ``--dry-run``. ``file_help`` says what the files are.

    A command that imports something else than files replaces ``add_origin`` and ``read_origin``.
    """

    source = None
    file_help = "the exports, in any order"

    def add_arguments(self, parser):
        self.add_origin(parser)
        with translation.override("en"):  # as Django's own help, and that of all commands
            for option in self.source.options:
                option.add_argument(parser)
        parser.add_argument(
            "--report", type=Path, metavar="FILE", help="write every note into a CSV file"
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="write nothing, only say what would happen"
        )

    def add_origin(self, parser):
        """Add the arguments that say what to import."""
        parser.add_argument("file", type=Path, nargs="+", help=self.file_help)

    def read_origin(self, values):
        """Return what to import, as the arguments of the importer; raises a ValueError with a
        sentence."""
        for path in values["file"]:
            check_file(path)
        return values["file"], {}

    def handle(self, *, report, dry_run, **values):
        try:
            options = self.source.read_options(values)
            _check_folders(options.values())
            check_report(report)
            origin, further = self.read_origin(values)
        except ValueError as error:
            raise CommandError(str(error)) from error
        bar = ProgressBar(sys.stderr, total=1, steps=self.source.steps)
        importer = self.source.build_importer(
            *origin, progress=bar, dry_run=dry_run, **options, **further
        )
        try:
            ending = run_import(importer, dry_run=dry_run)
        except KeyboardInterrupt:
            raise CommandError(_("Interrupted. The next run continues from here.")) from None
        except OSError as error:
            raise CommandError(_("The import ended: %s.") % (error.strerror or error)) from error
        finally:
            bar.clear()
            if importer.report.has_begun or importer.report.remarks:
                for line in importer.report.format_lines():
                    self.stdout.write(line)
            if report:
                importer.report.write_csv(report)
        if not ending.is_whole:
            raise CommandError(ending.sentence)
        self.stdout.write(
            ending.sentence
            or _(
                "manage.py preload_pages renders the pages of articles before readers ask for them."
            )
        )


def check_file(path):
    """Raise a ValueError with a sentence if a path is no file to read."""
    if path.is_dir():
        raise ValueError(_("A folder, not a file: %s") % path)
    if not path.is_file():
        raise ValueError(_("File not found: %s") % path)


def check_report(path):
    """Raise a ValueError with a sentence if a CSV file cannot be written, before the work begins.

    An empty file is made, or what is there is kept until the new rows are known.
    """
    if not path:
        return
    if path.is_dir():
        raise ValueError(_("A folder, not a file: %s") % path)
    _check_folders([path.parent])
    try:
        path.open("a").close()
    except OSError as error:
        raise ValueError(
            _("%(file)s cannot be written: %(reason)s") % {"file": path, "reason": error.strerror}
        ) from error


def _check_folders(values):
    for folder in values:
        if isinstance(folder, Path) and not folder.is_dir():
            raise ValueError(_("Folder not found: %s") % folder)
