"""Reports: what readers file about comments."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments.models.comment import Comment
from comments.models.states import Reason


class ReportQuerySet(models.QuerySet):
    def open(self):
        return self.filter(answered_at=None)

    def answer(self, *, by):
        """Mark the open ones as answered by a moderator; returns how many there were."""
        return self.open().update(answered_at=timezone.now(), answered_by=by)


class Report(models.Model):
    """A reader's complaint about a comment. A moderator answers it with a decision about the
    comment, or by leaving the comment as it is."""

    comment = models.ForeignKey(
        Comment, models.PROTECT, related_name="reports", verbose_name=_("comment")
    )
    reason = models.CharField(_("reason"), max_length=12, choices=Reason)
    text = models.TextField(_("details"), max_length=2_000, blank=True)
    network_hash = models.CharField(max_length=64, blank=True, editable=False)
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

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ["-reported_at", "-pk"]
        indexes = [models.Index(fields=["network_hash", "reported_at"], name="report_network")]

    def __str__(self):
        return f"{self.comment}: {self.get_reason_display()}"
