"""Reports: complaints of readers about comments."""

import hashlib
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments.models.comment import Comment
from comments.models.ledger import ModerationAction
from comments.models.states import Reason
from comments.refusals import AlreadyReported, AnsweredReport, OwnReport
from comments.text_diff import compare_texts

A_DAY = timedelta(days=1)


class ReportQuerySet(models.QuerySet):
    def open(self):
        return self.filter(answered_at=None)

    def of(self, reader, comment):
        """The reports that a reader has filed about a comment; for a reader without a key, those
        that the network filed within a day."""
        own = self.filter(comment=comment)
        if reader.hash:
            return own.filter(reporter=reader.hash)
        since = timezone.now() - A_DAY
        return own.filter(network_hash=reader.network_hash, reported_at__gt=since)

    def file(self, comment, *, reader, **fields):
        """File a reader's report about a comment.

        Raises ``OwnReport`` about the reader's own comment, ``AnsweredReport`` about one that the
        reader answered, and ``AlreadyReported`` the second time.
        """
        if comment.is_written_by(reader):
            raise OwnReport
        if comment.is_answered_by(reader):
            raise AnsweredReport
        if self.of(reader, comment).exists():
            raise AlreadyReported
        today = f"{timezone.localdate()} {reader.network_hash}"
        keyless = hashlib.sha256(today.encode()).hexdigest()
        try:
            with transaction.atomic():
                return self.create(
                    comment=comment,
                    about=comment.text,
                    reporter=reader.hash or keyless,
                    network_hash=reader.network_hash,
                    **fields,
                )
        except IntegrityError as error:
            raise AlreadyReported from error


class Report(models.Model):
    """A reader's complaint about a comment. A moderator answers it with a decision about the
    comment, or by leaving the comment as it is; until then it changes nothing for anybody.

    ``reporter`` is the hash of the reader's key; without one, of the network and the day.
    """

    comment = models.ForeignKey(
        Comment, models.PROTECT, related_name="reports", verbose_name=_("comment")
    )
    reason = models.CharField(_("reason"), max_length=12, choices=Reason)
    text = models.TextField(_("details"), max_length=2_000, blank=True)
    about = models.TextField(_("reported text"), blank=True, editable=False)
    reporter = models.CharField(max_length=64, blank=True, editable=False)
    network_hash = models.CharField(max_length=64, blank=True, editable=False)
    wide_network_hash = models.CharField(max_length=64, blank=True, editable=False)
    reported_at = models.DateTimeField(_("reported at"), default=timezone.now)
    answered_at = models.DateTimeField(_("resolved at"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("resolved by"),
    )

    answer = models.ForeignKey(
        ModerationAction,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="answered_reports",
        verbose_name=_("decision"),
    )

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ["-reported_at", "-pk"]
        indexes = [
            models.Index(fields=["reported_at"], name="report_open", condition=Q(answered_at=None)),
            models.Index(fields=["reported_at"], name="report_filed"),
            models.Index(fields=["reporter", "-reported_at"], name="report_reporter"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["comment", "reporter"], condition=~Q(reporter=""), name="report_once"
            ),
        ]

    def __str__(self):
        return f"{self.comment}: {self.get_reason_display()}"

    @property
    def difference(self):
        """What the writer has changed since the report, as pieces; none if the text is the same,
        or the reported one was purged."""
        is_same = not self.about or self.about == self.comment.text
        return [] if is_same else compare_texts(self.about, self.comment.text)
