"""Old texts: what a comment said before its writer edited it. Only moderators see them."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments.models.comment import Comment


class OldText(models.Model):
    """A text that an edit replaced. Retention erases it."""

    comment = models.ForeignKey(
        Comment, models.CASCADE, related_name="old_texts", verbose_name=_("comment")
    )
    text = models.TextField(_("text"))
    replaced_at = models.DateTimeField(_("replaced at"), default=timezone.now)

    class Meta:
        verbose_name = _("old text")
        verbose_name_plural = _("old texts")
        ordering = ["replaced_at", "pk"]

    def __str__(self):
        return f"{self.comment} ({self.replaced_at:%Y-%m-%d %H:%M})"
