"""Mentions: other sites that link to an article."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models import Article
from comments.models.states import State


class MentionQuerySet(models.QuerySet):
    def published(self):
        return self.filter(state=State.PUBLISHED)


class Mention(models.Model):
    """A page of another site that links to an article, from a pingback or trackback."""

    class Kind(models.TextChoices):
        PINGBACK = "pingback", _("Pingback")
        TRACKBACK = "trackback", _("Trackback")

    article = models.ForeignKey(
        Article, models.CASCADE, related_name="mentions", verbose_name=_("article")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.PINGBACK)
    title = models.CharField(_("title"), max_length=300)
    url = models.URLField(_("address"), max_length=2000, blank=True)
    excerpt = models.TextField(_("excerpt"), blank=True)
    state = models.CharField(_("status"), max_length=10, choices=State, default=State.PUBLISHED)
    first_state = models.CharField(
        _("initial status"), max_length=10, choices=State, default=State.PUBLISHED
    )
    received_at = models.DateTimeField(_("received at"), default=timezone.now)

    objects = MentionQuerySet.as_manager()

    class Meta:
        verbose_name = _("mention")
        verbose_name_plural = _("mentions")
        ordering = ["received_at", "pk"]
        indexes = [models.Index(fields=["article", "state"], name="mention_article_state")]

    def __str__(self):
        return self.title
