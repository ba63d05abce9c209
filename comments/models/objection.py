"""Objections: what writers say against a decision about their comments."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments.models.answered import Answered, AnsweredQuerySet
from comments.models.comment import Comment
from comments.models.ledger import ModerationAction, ModerationItem
from comments.models.moderators import has_other_moderators
from comments.models.states import Actor, Verb
from comments.models.trees import thread_write
from comments.refusals import (
    AlreadyAnswered,
    AlreadyObjected,
    NoSentence,
    NotObjectable,
    OwnDecision,
)

REMOVALS = (Verb.REMOVE, Verb.PRUNE)
ANSWERS = (Verb.APPROVE, Verb.KEEP)  # the acts that answer an objection


class ObjectionQuerySet(AnsweredQuerySet):
    def check_writer(self, reader, comment):
        """Raise ``NotObjectable`` unless the reader wrote the comment and the site hides it, and
        ``AlreadyObjected`` the second time."""
        if not comment.is_written_by(reader) or not comment.is_objectable:
            raise NotObjectable
        if self.filter(comment=comment).exists():
            raise AlreadyObjected

    def find_refusals(self, comments, verb, *, by, note):
        """Return {comment: refusal} of the comments with an open objection that a decision about
        all of them would answer, but may not: ``OwnDecision`` where another moderator has to, and
        ``NoSentence`` unless the decision stays for this comment alone, with a sentence to its
        writer."""
        if verb not in ANSWERS:
            return {}
        refusals, by_key = {}, {comment.pk: comment for comment in comments}
        objections = self.open().filter(comment__in=comments).select_related("action__moderator")
        has_others = objections and has_other_moderators(by)
        for objection in objections:
            comment = by_key[objection.comment_id]
            if has_others and objection.is_about_decision_of(by):
                refusals[comment] = OwnDecision()
            elif verb == Verb.KEEP and (len(comments) > 1 or not note.strip()):
                refusals[comment] = NoSentence()
        return refusals

    def answer_by(self, action):
        """Let an act about one comment be the answer to its objection. Only inside
        ``thread_write``, before the comment is folded."""
        if action.verb in ANSWERS:
            self.open().filter(comment=action.comment).update(answer=action)

    def file(self, comment, *, reader, text):
        """File a writer's objection to what hides the comment. Raises as ``check_writer``."""
        with thread_write(comment.thread.article_id):
            comment.refresh_from_db(fields=["state", "reason", "reader_hash"])
            self.check_writer(reader, comment)
            return self.create(comment=comment, action=comment.find_deciding_action(), text=text)


class Objection(Answered):
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

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("objection")
        verbose_name_plural = _("objections")
        ordering = ["objected_at", "pk"]
        indexes = [
            models.Index(fields=["objected_at"], name="objection_filed"),
            models.Index(
                fields=["objected_at"], name="objection_open", condition=Q(answered_at=None)
            ),
        ]

    def __str__(self):
        return f"{self.comment}: {self.text}"

    @property
    def decider(self):
        """The moderator who decided; None if a check or the reports hold the comment."""
        is_moderators = self.action and self.action.actor == Actor.MODERATOR
        return self.action.moderator if is_moderators else None

    @property
    def sentence(self):
        """What the moderator answered to the writer."""
        return self.answer.note if self.answer and not self.answer.is_undone else ""

    def is_answered_by(self, action):
        """Whether an act is in force and about the comment."""
        return not action.is_undone and action.comment_id == self.comment_id

    def may_be_answered_by(self, user):
        """Whether a moderator is another one than who decided, or the only one."""
        return not self.is_about_decision_of(user) or not has_other_moderators(user)

    def is_about_decision_of(self, user):
        return self.decider is not None and user == self.decider

    def uphold(self, *, by, note="", seen=""):
        """Publish the comment, and nothing else that the decision covered. An act of the ledger;
        undoing it opens the objection again.

        Raises ``AlreadyAnswered`` and, for the moderator who decided, ``OwnDecision``.
        """
        return self._answer(Verb.APPROVE, by=by, note=note, seen=seen)

    def keep(self, *, by, note, seen=""):
        """Leave the decision as it is; ``note`` is the answer to the writer. Raises as
        ``uphold``."""
        return self._answer(Verb.KEEP, by=by, note=note, seen=seen)

    def fold(self):
        """Set the outcome from the acts in force; an answer that is undone is none. Only inside
        ``thread_write``, after the comment was folded."""
        if self.answer and not self.is_answered_by(self.answer):
            self.answer = None
        self.is_upheld, self.answered_at, self.answered_by = self.find_outcome()
        self.save(update_fields=["answer", "is_upheld", "answered_at", "answered_by"])

    def _answer(self, verb, *, by, note, seen):
        with thread_write(self.comment.thread.article_id):
            self.refresh_from_db(fields=["answered_at", "answer"])
            if self.answered_at:
                raise AlreadyAnswered([self.answer.describe()] if self.answer else [])
            action = getattr(self.comment, verb)(by=by, note=note, seen=seen)
            self.refresh_from_db()
        return action

    def find_outcome(self):
        """Return (whether it is upheld, when, by whom).

        Publishing the comment upholds it. What keeps it hidden is a moderator's answer, or the
        first removal of a comment that no moderator had judged. If the writer deletes the comment,
        the objection closes without an answer.
        """
        since = Q(comment=self.comment_id, action__created_at__gte=self.objected_at)
        items = ModerationItem.objects.in_force().filter(since).order_by("action_id")
        moderators = items.filter(action__actor=Actor.MODERATOR).select_related("action__moderator")
        if approval := moderators.filter(action__verb=Verb.APPROVE).first():
            return True, approval.action.created_at, approval.action.moderator
        is_published = Comment.objects.published().filter(pk=self.comment_id).exists()
        if self.action and self.action.is_undone and is_published:
            return True, self.action.undone_at, self.action.undone_by
        if self.answer and not self.answer.is_undone:
            return False, self.answer.created_at, self.answer.moderator
        removal = moderators.filter(action__verb__in=REMOVALS).first()
        if removal and not (self.action and self.action.actor == Actor.MODERATOR):
            return False, removal.action.created_at, removal.action.moderator
        if withdrawal := items.by_writer().select_related("action").first():
            return None, withdrawal.action.created_at, None
        return None, None, None
