"""Moderation of a comment. Each verb owns its transaction."""

from django.db import models
from django.utils.translation import gettext as _

from comments.models.folds import apply_ledger
from comments.models.stamps import (
    Stamp,
    find_changes,
    format_moment,
    measure_branches,
    read_branches,
    stamp_branches,
    stamp_comment,
)
from comments.models.states import Actor, Reason, State, Verb
from comments.models.trees import threads_write
from comments.refusals import Changed, DeletedByWriter, TextErased

DECIDED_FIELDS = (
    *("pk", "number", "thread_id", "tree_id", "lft", "rght"),
    *("text", "edited_at", "version", "state", "purged_at"),
)


class Moderated(models.Model):
    class Meta:
        abstract = True

    # ``seen`` is the stamp of what the moderator saw. If that has changed since, the verbs raise
    # ``Changed``. A comment that its writer deleted is neither approved nor held
    # (``DeletedByWriter``), nor is one whose text is erased (``TextErased``).

    def approve(self, *, by, note="", seen=""):
        """Publish the comment, whatever its state."""
        return self._decide(Verb.APPROVE, by=by, note=note, seen=seen)

    def hold(self, *, by, reason=Reason.CHECK, note="", seen="", actor=Actor.MODERATOR):
        """Hide the comment until a moderator decides."""
        return self._decide(Verb.HOLD, by=by, reason=reason, note=note, seen=seen, actor=actor)

    def remove(self, *, by, reason, note="", seen="", actor=Actor.MODERATOR):
        """Remove this comment alone; its replies stay, below a placeholder."""
        return self._decide(Verb.REMOVE, by=by, reason=reason, note=note, seen=seen, actor=actor)

    def prune(self, *, by, reason, note="", seen=""):
        """Remove the comment and all below it."""
        return self._decide(Verb.PRUNE, by=by, reason=reason, note=note, seen=seen)

    def keep(self, *, by, note="", seen=""):
        """Leave the comment as it is; its reports are answered."""
        return self._decide(Verb.KEEP, by=by, note=note, seen=seen)

    def note(self, by, note):
        """Leave a note for the other moderators. It decides nothing."""
        return self._decide(Verb.NOTE, by=by, note=note)

    def mark_edited(self):
        """Note that its writer changed it since it was judged, for moderators to see."""
        return self._decide(Verb.EDIT, by=None, actor=Actor.WRITER)

    @property
    def was_judged(self):
        """Whether it was ever held, reported, featured or decided about, also if that was
        undone."""
        was_held = self.first_state == State.HELD
        was_featured = self.measures.filter(kind=Verb.FEATURE)
        judgements = (self.moderation_items.all(), self.reports.all(), was_featured)
        return was_held or any(rows.exists() for rows in judgements)

    @property
    def is_approvable(self):
        """Whether a moderator may approve or hold it: its writer has not deleted it, and its text
        is not erased."""
        return not self.is_purged and not self.moderation_items.in_force().by_writer().exists()

    @property
    def is_objectable(self):
        """Whether the site hides it, not its writer, and its text is not erased."""
        return not self.is_published and self.reason != Reason.WRITER and bool(self.text)

    def find_deciding_action(self):
        """Return the act in force that sets its state; None if it has its first state."""
        items = self.moderation_items.in_force().exclude(state="").order_by("-action_id")
        item = items.select_related("action").first()
        return item and item.action

    @property
    def is_cleared(self):
        """Whether a moderator approved or kept the present text: reports do not hold it again."""
        items = self.moderation_items.in_force().filter(action__actor=Actor.MODERATOR)
        items = items.filter(action__verb__in=[Verb.APPROVE, Verb.KEEP])
        if self.edited_at:
            items = items.filter(action__created_at__gt=self.edited_at)
        return items.exists()

    @property
    def is_pruned(self):
        """Whether a decision in force covers the comment with all below it."""
        return self.moderation_items.in_force().filter(action__verb=Verb.PRUNE).exists()

    def explain_first_state(self):
        """Say in which state it was posted, and why."""
        sentence = _("%(when)s when it was posted: %(state)s") % {
            "when": format_moment(self.posted_at),
            "state": self.get_first_state_display(),
        }
        reason = self.get_first_reason_display()
        return f"{sentence} ({reason})" if reason else sentence

    @property
    def stamp(self):
        """The stamp of the comment as it was read; see ``comments.models.stamps``."""
        return str(stamp_comment(self))

    @property
    def branch_stamp(self):
        """The stamp of the comment with all below it. One query."""
        return str(stamp_branches([self])[self.pk])

    def _decide(self, verb, *, seen="", **act):
        own = type(self).objects.filter(pk=self.pk)
        action, refusals = decide(own, verb, seen={self.pk: seen}, **act)
        for refusal in refusals.values():
            raise refusal
        self.refresh_from_db(fields=["state", "reason", "moderated_at", "version", "is_unseen"])
        return action


def decide(comments, verb, *, by, reason="", note="", seen=None, actor=Actor.MODERATOR):
    """Decide about comments of any threads: one entry of the ledger, in one transaction.

    ``seen`` maps primary keys to the stamps of what the moderator saw. A comment that has changed
    since, or that its writer deleted, is left as it is, and so is one whose open objection this
    moderator may not answer like this. Returns the action, None if nothing is left to decide
    about, and the refusals as {comment: refusal}.
    """
    model, verb = comments.model, Verb(verb)
    places = comments.order_by().values_list("pk", "thread__article_id")
    pks, articles = zip(*places, strict=True) if places else ((), ())
    with threads_write(articles) as threads:
        chosen = list(model.objects.filter(pk__in=pks).only(*DECIDED_FIELDS).order_by("pk"))
        refusals = _find_refusals(chosen, verb, seen or {})
        objections = model.objection.related.related_model.objects
        if actor == Actor.MODERATOR:
            refusals |= objections.find_refusals(chosen, verb, by=by, note=note)
        chosen = [comment for comment in chosen if comment not in refusals]
        if not chosen:
            return None, refusals
        is_one = len(chosen) == 1
        decided = {comment.thread_id for comment in chosen}
        actions = model.actions.rel.related_model.objects
        action = actions.create(
            thread_id=decided.pop() if len(decided) == 1 else None,
            comment=chosen[0] if is_one else None,
            verb=verb,
            reason=reason,
            note=note,
            moderator=by,
            actor=actor,
        )
        if is_one:
            objections.answer_by(action)
        for thread in threads:
            own = [comment for comment in chosen if comment.thread_id == thread.pk]
            covered = _list_covered(own, verb)
            action.cover(covered)
            if verb != Verb.NOTE:
                apply_ledger(thread, covered, newest=action)
    return action, refusals


def find_refusals(comments, seen):
    """Return {comment: ``Changed``} for the comments that changed since they were seen."""
    return _find_refusals(list(comments), Verb.NOTE, seen)


def _find_refusals(comments, verb, seen):
    """Return {comment: refusal} for those that may not be decided about like this."""
    refusals = {}
    stamped = [comment for comment in comments if seen.get(comment.pk)]
    branches = measure_branches(stamped) if verb == Verb.PRUNE else {}
    for comment in stamped:
        stamp = Stamp.read(seen[comment.pk])
        changes = find_changes(comment, stamp, branches.get(comment.pk))
        if changes:
            refusals[comment] = Changed(changes)
    if comments and verb in {Verb.APPROVE, Verb.HOLD}:
        items = comments[0].moderation_items.model.objects.in_force().by_writer()
        deleted = set(items.filter(comment__in=comments).values_list("comment_id", flat=True))
        refusals |= {comment: DeletedByWriter() for comment in comments if comment.pk in deleted}
        refusals |= {comment: TextErased() for comment in comments if comment.is_purged}
    return refusals


def _list_covered(comments, verb):
    """Return the keys of the comments that a decision covers: for a prune with all below them."""
    if verb != Verb.PRUNE:
        return [comment.pk for comment in comments]
    return [pk for (pk,) in read_branches(comments, "pk")]
