"""References: comments that name others as ``>>12``."""

from django.db import models

from comments.models.comment import Comment
from comments.models.states import State


class ReferenceQuerySet(models.QuerySet):
    def shown(self):
        """Those whose source readers can see."""
        return self.filter(source__state=State.PUBLISHED)


class Reference(models.Model):
    """``source`` names ``target`` in its text; the target lists it as an answer."""

    source = models.ForeignKey(Comment, models.CASCADE, related_name="references")
    target = models.ForeignKey(Comment, models.CASCADE, related_name="answers")

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        verbose_name = "reference"
        constraints = [models.UniqueConstraint(fields=["target", "source"], name="reference_once")]

    def __str__(self):
        return f"{self.source} → {self.target}"
