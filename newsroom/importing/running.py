"""Runs an importer to its end, for a command and for a job of the admin."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from newsroom.importing.broken_export import BrokenExport


@dataclass(frozen=True, slots=True)
class Ending:
    """How an import ended: whether everything was read, and a sentence, if there is one to say."""

    is_whole: bool
    sentence: str = ""


def run_import(importer, *, dry_run):
    """Run an importer, see ``ImportSource``; its ``report`` is whole also when it fails."""
    report = importer.report
    try:
        importer.run()
    except BrokenExport as error:
        text = _("%s Everything before that point was imported.") % error
        return Ending(False, text if report.has_begun and not dry_run else str(error))
    if dry_run:
        return Ending(True, _("Dry run: nothing was written."))
    if report.changed_nothing:
        return Ending(True, _("Nothing has changed since the last import."))
    return Ending(True)
