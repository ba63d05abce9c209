"""Carries out the imports that wait, one at a time on a machine.

The lock is the system's, on a file: it ends with its process, however that ends. So an import that
is "running" while this process has the lock has lost its worker, and goes on here.
"""

import fcntl
import logging
import os
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from time import monotonic

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from newsroom.edition import raise_edition
from newsroom.import_jobs.import_job import ImportJob, State
from newsroom.import_jobs.opened_folder import NotInFolder, resolve_name
from newsroom.import_jobs.upload_store import delete_old_uploads, find_folder
from newsroom.import_sources import SOURCES
from newsroom.importing.broken_export import BrokenExport
from newsroom.importing.import_source import Kind
from newsroom.importing.running import Ending, run_import

logger = logging.getLogger(__name__)
EVERY = 1  # seconds between two notes of the progress


class JobCancelled(Exception):
    """Somebody cancelled the import."""


class WorkerStopped(Exception):
    """This process must end; the import goes on in the next one."""


@contextmanager
def hold_lock():
    """Yield whether this process is the only worker of the machine, as long as it is."""
    folder = Path(settings.IMPORT_UPLOADS)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600), "rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def run_waiting(must_stop=lambda: False):
    """Carry out everything that waits; returns the jobs, or None beside another worker.

    ``must_stop`` is asked often; once it says so, the import that runs is put back.
    """
    with hold_lock() as is_alone:
        if not is_alone:
            return None
        jobs = []
        while not must_stop() and (job := ImportJob.objects.at_work().first()):
            if job.begin():
                run_job(job, must_stop)
                jobs.append(job)
        delete_old_files()
        return jobs


def run_job(job, must_stop=lambda: False):
    """Carry out one import, and save how it ended."""
    with translation.override(job.language):
        importer = None
        try:
            importer = _build_importer(job, must_stop)
            ending = run_import(importer, dry_run=job.is_dry_run)
            # What a dry run found before a fault may be imported: its person decides.
            is_enough = ending.is_whole or (job.is_dry_run and importer.report.has_begun)
            state = State.DONE if is_enough else State.FAILED
        except JobCancelled:
            sentence = (
                "" if job.is_dry_run else _("What was imported is kept. The import can be resumed.")
            )
            state, ending = State.CANCELLED, Ending(False, sentence)
        except WorkerStopped:
            job.put_back()
            return
        except (BrokenExport, NotInFolder, ValueError, OSError) as error:
            logger.warning("Import %d failed: %s", job.pk, type(error).__name__)
            state, ending = State.FAILED, Ending(False, _describe_error(error))
        except Exception:  # a fault of ours: the worker goes on with the next import
            logger.exception("Import %d failed.", job.pk)
            state, ending = State.FAILED, Ending(False, _("The import failed; the log says why."))
        report = importer and importer.report
        if state != State.DONE and not job.is_dry_run:
            raise_edition()  # a run to the end does so by itself
        job.finish(state, ending.sentence, report, _format_notes(report))


class JobProgress:
    """Saves the progress of an import and ends it when somebody asks for that."""

    def __init__(self, job, must_stop, steps):
        self._job, self._steps = job, steps
        self._must_stop = must_stop
        self._last = 0.0
        self._report = None

    def follow(self, report):
        self._report = report

    def __call__(self, step, share):
        if self._must_stop():
            raise WorkerStopped
        if monotonic() - self._last < EVERY:
            return
        self._last = monotonic()
        rows = ImportJob.objects.filter(pk=self._job.pk)
        rows.update(progress=self._describe(step, share), seen_at=timezone.now())
        if rows.filter(is_cancelled=True).exists():
            raise JobCancelled

    def _describe(self, step, share):
        report, done = self._report, (step - 1 + min(share, 1)) / self._steps
        counts = {kind: counts.total() for kind, counts in report.outcomes.items()}
        return {
            "percent": int(100 * done),
            "read": report.read,
            "expected": report.expected,
            "counts": {kind: count for kind, count in counts.items() if count},
        }


def list_paths(job):
    """Return the paths of the files of an import; raises NotInFolder."""
    if not job.upload:
        return [resolve_name(name) for name in job.files]
    paths = [find_folder(job.upload) / name for name in job.files]
    for path in paths:
        if not path.is_file():
            raise NotInFolder(_("The uploaded file %s is no longer there.") % path.name)
    return paths


def _build_importer(job, must_stop):
    source = SOURCES.get(job.source)
    if source is None:
        raise ValueError(_("The site does not import from %s.") % job.source)
    progress, options = JobProgress(job, must_stop, source.steps), _read_options(source, job)
    paths = list_paths(job)
    importer = source.build_importer(*paths, progress=progress, dry_run=job.is_dry_run, **options)
    progress.follow(importer.report)
    return importer


def _read_options(source, job):
    """Return the options as the importer takes them; folders are those of the opened folder."""
    values = dict(job.options)
    for option in source.options:
        if option.kind is Kind.FOLDER:
            name = values.get(option.name)
            values[option.name] = resolve_name(name) if name else None
    return source.read_options(values)


def _describe_error(error):
    if isinstance(error, OSError):
        return _("The import ended: %s.") % (error.strerror or type(error).__name__)
    return str(error)


def _format_notes(report):
    if not report or not report.rows:
        return ""
    file = StringIO(newline="")
    report.write_rows(file)
    return file.getvalue().replace("\0", "")


def delete_old_files():
    """Delete old uploads, and note in their imports that they are gone."""
    needed = ImportJob.objects.at_work().exclude(upload="").values_list("upload", flat=True)
    for job in ImportJob.objects.filter(upload__in=delete_old_uploads(set(needed))):
        job.forget_upload()
