"""Erasures: comments whose text is erased for good by order of the law."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from comments.models.comment import Comment
from comments.models.ledger import ModerationAction


class ErasureQuerySet(models.QuerySet):
    def pending(self):
        """The erasures that were neither carried out nor withdrawn."""
        return self.filter(action=None, request__undone_at=None)


class Erasure(models.Model):
    """A moderator's request to erase a comment, and its outcome.

    ``request`` is the act that asked for it, with the ground; undone, the request is withdrawn.
    ``action`` is the act of the second person, who had it carried out.
    """

    comment = models.ForeignKey(
        Comment, models.PROTECT, related_name="erasures", verbose_name=_("comment")
    )
    request = models.OneToOneField(
        ModerationAction,
        models.PROTECT,
        related_name="requested_erasure",
        verbose_name=_("request"),
    )
    action = models.OneToOneField(
        ModerationAction,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="erasure",
        verbose_name=_("decision"),
    )

    objects = ErasureQuerySet.as_manager()

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        constraints = [
            models.UniqueConstraint(
                fields=["comment"], condition=~Q(action=None), name="erasure_once"
            )
        ]

    def __str__(self):
        return str(self.comment)

    @property
    def is_pending(self):
        return self.action_id is None and not self.request.is_undone
