"""Notices: what the staff has been sent, so that each thing is sent once to each person."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class StaffNotice(models.Model):
    """One thing for one member of the staff. ``sent_at`` is None while a process is sending it."""

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, db_index=False, related_name="+"
    )
    subject = models.CharField(max_length=60)
    claimed_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "notice"
        constraints = [
            models.UniqueConstraint(fields=["recipient", "subject"], name="staff_notice_once")
        ]

    def __str__(self):
        return self.subject
