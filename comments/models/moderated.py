"""Moderation of a comment. Each verb owns its transaction."""

from django.db import models
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce

from comments.models.states import Reason, Verb
from comments.models.trees import thread_write
from comments.refusals import Changed, DeletedByWriter


class Moderated(models.Model):
    class Meta:
        abstract = True

    # ``seen`` is the digest of the text that the moderator saw. If the text has changed since,
    # the verbs raise ``Changed``. A comment that its writer deleted is neither approved nor held
    # (``DeletedByWriter``).

    def approve(self, *, by, note="", seen=""):
        """Publish the comment, whatever its state."""
        return self._decide(Verb.APPROVE, by=by, note=note, seen=seen)

    def hold(self, *, by, reason=Reason.CHECK, note="", seen=""):
        """Hide the comment until a moderator decides."""
        return self._decide(Verb.HOLD, by=by, reason=reason, note=note, seen=seen)

    def remove(self, *, by, reason, note="", seen=""):
        """Remove this comment alone; its replies stay, below a placeholder."""
        return self._decide(Verb.REMOVE, by=by, reason=reason, note=note, seen=seen)

    def prune(self, *, by, reason, note="", seen=""):
        """Remove the comment and all below it."""
        return self._decide(Verb.PRUNE, by=by, reason=reason, note=note, seen=seen)

    @property
    def is_approvable(self):
        """Whether a moderator may approve or hold it: its writer has not deleted it."""
        return not self.moderation_items.in_force().by_writer().exists()

    @property
    def is_pruned(self):
        """Whether a decision in force covers the comment with all below it."""
        return self.moderation_items.in_force().filter(action__verb=Verb.PRUNE).exists()

    def _decide(self, verb, *, by, note, reason="", seen=""):
        """Write the decision into the ledger, apply it, and answer the reports; returns the
        action."""
        with thread_write(self.thread.article_id) as thread:
            self.refresh_from_db(fields=["tree_id", "lft", "rght", "text"])
            if seen and seen != self.digest:
                raise Changed
            if verb in {Verb.APPROVE, Verb.HOLD} and not self.is_approvable:
                raise DeletedByWriter
            comments = type(self).objects
            is_prune = verb == Verb.PRUNE
            covered = comments.branch_of(self) if is_prune else comments.filter(pk=self.pk)
            action = thread.actions.create(
                comment=self, verb=verb, reason=reason, note=note, moderator=by
            )
            action.cover(covered)
            apply_ledger(thread, covered)
            if by:
                self.reports.model.objects.filter(comment__in=covered).answer(by=by)
        self.refresh_from_db(fields=["state", "reason", "moderated_at"])
        return action


def fold_ledger(comments):
    """Set each comment's state, reason and date to those of the newest item in force, else to the
    first state. One UPDATE. Only inside ``thread_write``."""
    items = comments.model.moderation_items.rel.related_model.objects.in_force()
    newest = items.filter(comment=OuterRef("pk")).order_by("-action_id")
    comments.update(
        state=Coalesce(Subquery(newest.values("state")[:1]), F("first_state")),
        reason=Coalesce(Subquery(newest.values("action__reason")[:1]), F("first_reason")),
        moderated_at=Subquery(newest.values("action__created_at")[:1]),
        submission=None,  # its writer may send the text again
    )


def apply_ledger(thread, comments):
    """Fold the ledger over some comments of a thread, and recount if readers see a change.

    A comment that is published for the first time gets the next ordinal of its ID and the links of
    those that wait for its number. Only inside ``thread_write``.
    """
    was_public = comments.published().exists()
    fold_ledger(comments)
    for comment in comments.published().filter(reader_ordinal=0).exclude(reader_code=""):
        comment.reader_ordinal = thread.find_next_ordinal(comment.reader_code)
        comment.save(update_fields=["reader_ordinal"])
    if was_public or comments.published().exists():
        awaited = comments.model.awaited_numbers.rel.related_model.objects
        thread.recount(find_affected_trees(comments) | awaited.resolve(thread, comments))


def find_affected_trees(comments):
    """Return the numbers of the trees that hold some comments or list them as answers."""
    named = comments.model.objects.filter(answers__source__in=comments)
    own = comments.order_by().values_list("tree_id", flat=True)
    return set(own) | set(named.order_by().values_list("tree_id", flat=True))
