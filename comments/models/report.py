"""Requests of readers that a comment be removed."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments.models.comment import Comment, Reason


class RemovalRequestQuerySet(models.QuerySet):
    def open(self):
        return self.filter(answered_at=None)

    def answer(self, *, by):
        """Note that a moderator has looked at those that are open; returns how many were."""
        return self.open().update(answered_at=timezone.now(), answered_by=by)


class RemovalRequest(models.Model):
    """What somebody says against a comment. A moderator answers it by deciding about the comment,
    or by letting it stand."""

    comment = models.ForeignKey(
        Comment, models.PROTECT, related_name="removal_requests", verbose_name=_("comment")
    )
    reason = models.CharField(_("reason"), max_length=12, choices=Reason)
    text = models.TextField(_("what is wrong"), max_length=2_000, blank=True)
    network_hash = models.CharField(max_length=64, blank=True, editable=False)
    asked_at = models.DateTimeField(_("asked at"), default=timezone.now)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("answered by"),
    )

    objects = RemovalRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for removal")
        verbose_name_plural = _("requests for removal")
        ordering = ["-asked_at", "-pk"]
        indexes = [models.Index(fields=["network_hash", "asked_at"], name="removal_network")]

    def __str__(self):
        return f"{self.comment}: {self.get_reason_display()}"
