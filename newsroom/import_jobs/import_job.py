"""The row of an import: its files, its options, its state and its two reports."""

from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from newsroom.importing.import_report import ImportReport

RIGHT = "newsroom.run_imports"
LONG_TEXTS = {"notes", "dry_notes", "summary", "dry_summary"}
LATE = timedelta(minutes=3)
MOST_ATTEMPTS = 3  # of a run whose worker was killed
LOST_TOO_OFTEN = _(
    "The server stopped this run three times, perhaps because memory ran out. What was imported is"
    " kept, and you can resume the import."
)


class State(models.TextChoices):
    """Where an import is; a dry run and the import itself go through the same states."""

    UPLOADED = "uploaded", _("files received")
    WAITING = "waiting", _("waiting")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")


class Act(models.TextChoices):
    """What people do with an import, and what happens to it by itself."""

    UPLOAD = "upload", _("chose the files")
    DRY_RUN = "dry run", _("asked for a dry run")
    START = "import", _("started the import")
    RESUME = "resume", _("resumed it")
    CANCEL = "cancel", _("cancelled it")
    FINISH = "finish", _("ended")
    FAIL = "fail", _("failed")
    STOP = "stop", _("stopped")
    INTERRUPT = "interrupt", _("was interrupted")
    DELETE = "delete", _("deleted the uploaded files")


ENDINGS = {State.DONE: Act.FINISH, State.FAILED: Act.FAIL, State.CANCELLED: Act.STOP}
AT_WORK = (State.WAITING, State.RUNNING)
HAS_FILES = Q(has_files=True)
MAY_DRY_RUN = HAS_FILES & (Q(state=State.UPLOADED) | Q(state__in=list(ENDINGS), is_dry_run=True))
# A dry run comes first; an import that ended early goes on.
MAY_IMPORT = HAS_FILES & (
    Q(state=State.DONE, is_dry_run=True)
    | Q(state__in=(State.FAILED, State.CANCELLED), is_dry_run=False)
)
MAY_CANCEL = Q(state__in=AT_WORK, is_cancelled=False)
MAY_DELETE = HAS_FILES & ~Q(state__in=AT_WORK) & ~Q(upload="")


class ImportJobQuerySet(models.QuerySet):
    @transaction.atomic
    def upload(self, user, **values):
        """Create an import of files that are there."""
        job = self.create(created_by=user, **values)
        job.acts.create(act=Act.UPLOAD, by=user)
        return job

    def at_work(self):
        """What waits for a worker, or has lost it."""
        return self.filter(state__in=AT_WORK).order_by("pk")

    @transaction.atomic
    def move(self, job, condition, act, by=None, **values):
        """Change a row if it still fulfils a condition, and log the act; returns whether it did."""
        if not self.filter(condition, pk=job.pk).update(**values):
            return False
        job.acts.create(act=act, by=by)
        job.refresh_from_db()
        return True


class ImportJob(models.Model):
    """An import of some files.

    ``upload`` names the folder of uploaded files; without it the files are in the folder that the
    operator has opened. ``options`` holds what the person wrote, see ``ImportSource``.
    ``is_dry_run`` tells of which run ``state``, ``progress`` and ``message`` are.
    """

    source = models.CharField(_("from"), max_length=30)
    files = models.JSONField(default=list)
    upload = models.CharField(max_length=32, blank=True)
    has_files = models.BooleanField(default=True)  # uploads are deleted after a time
    options = models.JSONField(default=dict)
    language = models.CharField(max_length=5, choices=settings.LANGUAGES)  # of its reports
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("by"),
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    state = models.CharField(
        _("status"), max_length=10, choices=State.choices, default=State.UPLOADED
    )
    is_dry_run = models.BooleanField(default=True)
    is_cancelled = models.BooleanField(default=False)  # the worker shall stop
    attempts = models.PositiveSmallIntegerField(default=0)
    seen_at = models.DateTimeField(null=True)  # when its worker last said something
    progress = models.JSONField(default=dict)
    message = models.TextField(blank=True)
    dry_summary = models.JSONField(default=dict)
    dry_notes = models.TextField(blank=True)  # every remark, as CSV
    summary = models.JSONField(default=dict)
    notes = models.TextField(blank=True)

    objects = ImportJobQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        default_permissions = ()
        permissions = [("run_imports", _("Can import from other systems"))]
        ordering = ["-pk"]

    def __str__(self):
        return ", ".join(self.files)

    @property
    def is_at_work(self):
        return self.state in AT_WORK

    @property
    def is_late(self):
        """Whether no worker has taken it, or none has said anything for a while."""
        return self.is_at_work and timezone.now() - self.seen_at > LATE

    @property
    def describes_state(self):
        """The state in words, with the run that it is of."""
        if self.state == State.UPLOADED:
            return State.UPLOADED.label
        if self.is_dry_run:
            return _("dry run: %s") % self.get_state_display()
        return self.get_state_display()

    def allows(self, condition):
        """Whether the row fulfils one of the conditions above now."""
        return ImportJob.objects.filter(condition, pk=self.pk).exists()

    def read_report(self, *, of_dry_run):
        """Return the report of a run, or None before there is one."""
        summary = self.dry_summary if of_dry_run else self.summary
        return ImportReport.restore(summary) if summary else None

    def request_dry_run(self, *, by, options):
        cleared = {"is_dry_run": True, "dry_summary": {}, "dry_notes": ""}
        return self._queue(MAY_DRY_RUN, Act.DRY_RUN, by, options=options, **cleared)

    def request_import(self, *, by):
        act = Act.START if self.is_dry_run else Act.RESUME
        return self._queue(MAY_IMPORT, act, by, is_dry_run=False)

    def cancel(self, *, by):
        """Cancel what waits at once; a worker stops after the item that it is at."""
        if ImportJob.objects.move(
            self, Q(state=State.WAITING), Act.CANCEL, by, state=State.CANCELLED, message=""
        ):
            return True
        return ImportJob.objects.move(self, MAY_CANCEL, Act.CANCEL, by, is_cancelled=True)

    def forget_upload(self, *, by=None):
        """Note that the uploaded files are gone."""
        return ImportJob.objects.move(self, MAY_DELETE, Act.DELETE, by, has_files=False)

    def begin(self):
        """Take a waiting or lost job as its worker; returns whether there is something to do."""
        if self.state == State.WAITING:
            values = {"state": State.RUNNING, "seen_at": timezone.now()}
            return bool(ImportJob.objects.filter(pk=self.pk, state=State.WAITING).update(**values))
        if self.attempts >= MOST_ATTEMPTS:
            with translation.override(self.language):
                self.finish(State.FAILED, LOST_TOO_OFTEN)
            return False
        return ImportJob.objects.move(
            self,
            Q(state=State.RUNNING),
            Act.INTERRUPT,
            attempts=self.attempts + 1,
            seen_at=timezone.now(),
        )

    def put_back(self):
        """Let a job wait again whose worker must end."""
        return ImportJob.objects.move(
            self, Q(state=State.RUNNING), Act.INTERRUPT, state=State.WAITING
        )

    def finish(self, state, message, report=None, notes=""):
        """Save how a run ended, and its report, if that says anything."""
        values = {"state": state, "message": str(message), "seen_at": timezone.now()}
        if report and (report.has_begun or report.remarks):
            prefix = "dry_" if self.is_dry_run else ""
            values |= {f"{prefix}summary": report.summarize(), f"{prefix}notes": notes}
        return ImportJob.objects.move(self, Q(state=State.RUNNING), ENDINGS[state], **values)

    def _queue(self, condition, act, by, **values):
        cleared = {"attempts": 0, "is_cancelled": False, "progress": {}, "message": ""}
        return ImportJob.objects.move(
            self,
            condition,
            act,
            by,
            state=State.WAITING,
            seen_at=timezone.now(),
            **cleared,
            **values,
        )


class ImportAct(models.Model):
    """One act in the history of an import; without ``by`` the background did it."""

    job = models.ForeignKey(ImportJob, on_delete=models.CASCADE, related_name="acts")
    act = models.CharField(max_length=10, choices=Act.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        ordering = ["pk"]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.act}"
