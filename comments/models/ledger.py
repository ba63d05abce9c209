"""The ledger of moderation: every decision, with its comments, reason and time. Nothing is
erased."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments.models.comment import Comment
from comments.models.moderated import apply_ledger
from comments.models.states import Reason, State, Verb
from comments.models.thread import Thread
from comments.models.trees import BATCH, thread_write
from comments.refusals import DeletedByWriter


class ModerationAction(models.Model):
    """A decision. The newest one in force sets a comment's state; without one the comment has its
    first state."""

    Verb = Verb

    thread = models.ForeignKey(
        Thread, models.PROTECT, related_name="actions", verbose_name=_("thread")
    )
    comment = models.ForeignKey(
        Comment, models.PROTECT, related_name="actions", verbose_name=_("comment")
    )
    verb = models.CharField(_("decision"), max_length=10, choices=Verb)
    reason = models.CharField(_("reason"), max_length=12, choices=Reason, blank=True)
    note = models.TextField(_("note"), blank=True)
    moderator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("moderator"),
    )
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("undone by"),
    )

    class Meta:
        verbose_name = _("moderation action")
        verbose_name_plural = _("moderation actions")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["thread", "-id"], name="action_thread_newest")]

    def __str__(self):
        return f"{self.get_verb_display()} >>{self.comment.number}"

    @property
    def is_undone(self):
        return self.undone_at is not None

    @property
    def can_be_undone(self):
        """A comment that its writer deleted stays deleted."""
        return not self.is_undone and not (
            self.moderator_id is None and self.reason == Reason.WRITER
        )

    def cover(self, comments):
        """Write an item for every comment of a queryset. Only inside ``thread_write``."""
        state = Verb(self.verb).state
        ModerationItem.objects.bulk_create(
            (
                ModerationItem(action=self, comment_id=pk, state=state)
                for pk in comments.values_list("pk", flat=True)
            ),
            batch_size=BATCH,
        )

    def undo(self, *, by):
        """Undo the decision: the comments get the state of the other decisions in force.

        Actions can be undone in any order. Undoing twice changes nothing. Raises
        ``DeletedByWriter`` if a writer made it.
        """
        with thread_write(self.thread.article_id) as thread:
            self.refresh_from_db(fields=["undone_at"])
            if self.is_undone:
                return
            if not self.can_be_undone:
                raise DeletedByWriter
            self.undone_at, self.undone_by = timezone.now(), by
            self.save(update_fields=["undone_at", "undone_by"])
            # By their keys, not by a join: a planner without statistics would nest full scans.
            covered = list(self.items.values_list("comment_id", flat=True))
            apply_ledger(thread, Comment.objects.filter(pk__in=covered))


class ModerationItemQuerySet(models.QuerySet):
    def in_force(self):
        """The items of actions that are not undone."""
        return self.filter(action__undone_at=None)

    def by_writer(self):
        """The items of writers who deleted their own comments."""
        return self.filter(action__moderator=None, action__reason=Reason.WRITER)


class ModerationItem(models.Model):
    """A comment that an action covers, whether or not the action changed its state."""

    action = models.ForeignKey(
        ModerationAction, models.PROTECT, related_name="items", verbose_name=_("moderation action")
    )
    comment = models.ForeignKey(
        Comment, models.PROTECT, related_name="moderation_items", verbose_name=_("comment")
    )
    state = models.CharField(_("status"), max_length=10, choices=State)

    objects = ModerationItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("moderation item")
        verbose_name_plural = _("moderation items")
        constraints = [
            models.UniqueConstraint(fields=["action", "comment"], name="moderation_item_once")
        ]
        indexes = [models.Index(fields=["comment", "-action"], name="moderation_item_fold")]

    def __str__(self):
        return f"{self.comment} → {self.get_state_display()}"
