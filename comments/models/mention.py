"""Mentions: other sites that link to an article."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models import Article, compiled
from comments.models.folds import fold_mention
from comments.models.states import Actor, Reason, State, Verb
from comments.models.trees import thread_write
from comments.refusals import Changed


class MentionQuerySet(models.QuerySet):
    def published(self):
        return self.filter(state=State.PUBLISHED)

    def held(self):
        return self.filter(state=State.HELD)

    @staticmethod
    def list_published(article):
        """Return the published mentions of an article. One query."""
        return _published(article.pk)


class Mention(models.Model):
    """A page of another site that links to an article, from a webmention, pingback or trackback."""

    class Kind(models.TextChoices):
        PINGBACK = "pingback", _("Pingback")
        TRACKBACK = "trackback", _("Trackback")
        WEBMENTION = "webmention", _("Webmention")

    article = models.ForeignKey(
        Article,
        models.CASCADE,
        db_index=False,
        related_name="mentions",
        verbose_name=_("article"),
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
        indexes = [
            models.Index(fields=["article", "state"], name="mention_article_state"),
            models.Index(
                fields=["received_at"], name="mention_held", condition=Q(state=State.HELD)
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def stamp(self):
        """What a moderator saw of it, sent back as ``seen``. Its text never changes."""
        return self.state

    # Each verb makes an entry of the ledger, whose ``undo`` takes it back. They raise ``Changed``
    # if the mention is not as it was seen.

    def approve(self, *, by, note="", seen=""):
        """Publish the mention, whatever its state."""
        return self._decide(Verb.APPROVE, by=by, note=note, seen=seen)

    def hold(self, *, by, reason=Reason.CHECK, note="", seen=""):
        """Hide the mention until a moderator decides."""
        return self._decide(Verb.HOLD, by=by, reason=reason, note=note, seen=seen)

    def remove(self, *, by, reason, note="", seen=""):
        """Remove the mention."""
        return self._decide(Verb.REMOVE, by=by, reason=reason, note=note, seen=seen)

    def take_back(self, *, note):
        """Remove the mention for the site itself: the page is not what it was."""
        return self._decide(Verb.REMOVE, by=None, note=note, actor=Actor.SITE)

    def _decide(self, verb, *, by, reason="", note="", seen="", actor=Actor.MODERATOR):
        with thread_write(self.article_id):
            self.refresh_from_db(fields=["state"])
            if seen and seen != self.state:
                newest = self.actions.select_related("moderator", "undone_by").first()
                raise Changed([newest.describe()] if newest else [])
            action = self.actions.create(
                verb=verb, moderator=by, reason=reason, note=note, actor=actor
            )
            fold_mention(self)
        return action


@compiled.rows
def _published(article_id):
    return Mention.objects.published().filter(article_id=article_id)
