"""Objections: what writers say against a decision about their comments."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments.models.comment import Comment
from comments.models.ledger import ModerationAction


class ObjectionQuerySet(models.QuerySet):
    def open(self):
        return self.filter(answered_at=None)


class Objection(models.Model):
    """A writer's objection to a decision, once for each comment. Another moderator than the one
    who decided answers it, where there is one. ``is_upheld`` says whether the writer was right."""

    comment = models.OneToOneField(
        Comment, models.CASCADE, related_name="objection", verbose_name=_("comment")
    )
    action = models.ForeignKey(
        ModerationAction,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="objections",
        verbose_name=_("decision"),
        help_text=_("Empty: held by a check."),
    )
    text = models.TextField(_("objection"), max_length=500)
    objected_at = models.DateTimeField(_("objected at"), default=timezone.now)
    is_upheld = models.BooleanField(_("upheld"), null=True, blank=True)
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
        related_name="answered_objections",
        verbose_name=_("answer"),
    )

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("objection")
        verbose_name_plural = _("objections")
        ordering = ["objected_at", "pk"]
        indexes = [
            models.Index(
                fields=["objected_at"], name="objection_open", condition=Q(answered_at=None)
            )
        ]

    def __str__(self):
        return f"{self.comment}: {self.text}"
