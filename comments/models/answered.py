"""What readers file about a comment, and an act of the ledger answers."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from comments.models.ledger import ModerationAction


class AnsweredQuerySet(models.QuerySet):
    def open(self):
        return self.filter(answered_at=None)


class Answered(models.Model):
    """Who answered, when, and by which act; all is None while it is open."""

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
        related_name="answered_%(class)ss",
        verbose_name=_("answer"),
    )

    class Meta:
        abstract = True
