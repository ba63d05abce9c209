"""Claims: which moderator has which comment of the queue open."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments.models.comment import Comment

LIFETIME = timedelta(seconds=45)  # without a word from the tab


class ClaimQuerySet(models.QuerySet):
    def alive(self):
        return self.filter(seen_at__gt=timezone.now() - LIFETIME)

    def of_others(self, user):
        return self.alive().exclude(moderator=user).select_related("moderator")

    def take(self, comment, *, by, tab):
        """Say that a tab has a comment open; it leaves the one before. Old claims go."""
        self.filter(seen_at__lte=timezone.now() - LIFETIME).delete()
        fields = {"comment": comment, "seen_at": timezone.now()}
        return self.update_or_create(moderator=by, tab=tab, defaults=fields)[0]

    def release(self, *, by, tab):
        return self.filter(moderator=by, tab=tab).delete()


class Claim(models.Model):
    """A comment that is open in a tab of a moderator's browser. It locks nothing: others see who
    looks at the comment. It ends with the tab, or when the tab falls silent."""

    comment = models.ForeignKey(
        Comment, models.CASCADE, related_name="claims", verbose_name=_("comment")
    )
    moderator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        db_index=False,
        related_name="+",
        verbose_name=_("moderator"),
    )
    tab = models.CharField(max_length=36)
    seen_at = models.DateTimeField(default=timezone.now)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        constraints = [models.UniqueConstraint(fields=["moderator", "tab"], name="claim_one_a_tab")]

    def __str__(self):
        return f"{self.moderator}: {self.comment}"
