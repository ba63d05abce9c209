"""What can be done to a comment: voting and moderation. Each verb owns its transaction."""

import uuid

from django.apps import apps
from django.db import models
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from comments import compiled
from comments.models.trees import thread_write
from comments.refusals import Changed, DeletedByWriter, NotVotable, OwnComment

COUNTED = ["up_votes", "down_votes", "score"]
NOBODY = "-"  # in the place of an empty hash, which many votes may share


class Votable(models.Model):
    class Meta:
        abstract = True

    def vote(self, *, reader, value):
        """Set a reader's vote to 1, -1 or 0 (none); saying the same twice changes nothing.

        Raises ``NotVotable`` or ``OwnComment``. The score is counted in the same transaction.
        """
        with thread_write(self.thread.article_id) as thread:
            before, bucket = self._refresh_to_vote(reader)
            if not self.is_published:
                raise NotVotable
            if self.is_written_by(reader):
                raise OwnComment
            if (before or 0) == value:
                return
            if value == 0:
                self.votes.filter(voter=reader.hash).delete()
            elif before:
                self.votes.filter(voter=reader.hash).update(value=value)
            else:
                compiled.insert(
                    _votes()(
                        comment_id=self.pk,
                        voter=reader.hash,
                        value=value,
                        network_hash=reader.network_hash,
                        bucket=bucket or uuid.uuid4(),
                    )
                )
            self.count_votes()
            _save_votes(self.pk, *(getattr(self, name) for name in COUNTED))
            thread.touched([self.tree_id])

    def count_votes(self):
        """Set ``COUNTED`` from the votes; saving is the caller's, inside ``thread_write``."""
        self.up_votes, self.down_votes = _votes().tally(self.pk)
        self.score = self.imported_score + self.up_votes - self.down_votes

    def vote_of(self, reader):
        """Return the value of a reader's vote, 0 where there is none."""
        vote = self.votes.filter(voter=reader.hash).first() if reader.hash else None
        return vote.value if vote else 0

    def _refresh_to_vote(self, reader):
        """Read anew what a vote depends on; returns the value of the reader's vote and the bucket
        of this comment, the reader's network and today, each None where there is none."""
        today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
        found = _voted.first(self.pk, reader.hash, reader.network_hash or NOBODY, today)
        self.state, self.reader_hash, self.imported_score, self.tree_id, *own = found
        return own


def _votes():
    return apps.get_model("comments.Vote")


@compiled.rows
def _voted(pk, voter, network_hash, today):
    votes = _votes().objects.filter(comment=OuterRef("pk"))
    return (
        apps.get_model("comments.Comment")
        .objects.order_by()
        .filter(pk=pk)
        .values_list(
            "state",
            "reader_hash",
            "imported_score",
            "tree_id",
            Subquery(votes.filter(voter=voter).values("value")),
            Subquery(
                votes.filter(network_hash=network_hash, voted_at__gte=today).values("bucket")[:1]
            ),
        )
    )


@compiled.update
def _save_votes(pk, up_votes, down_votes, score):
    comments = apps.get_model("comments.Comment").objects
    counted = {"up_votes": up_votes, "down_votes": down_votes, "score": score}
    return comments.filter(pk=pk), counted


class Moderated(models.Model):
    class Meta:
        abstract = True

    # ``seen`` is the digest of the text that was decided about: where the comment has another by
    # now, the verbs raise ``Changed``. What its writer deleted is neither approved nor held
    # (``DeletedByWriter``).

    def approve(self, *, by, note="", seen=""):
        """Publish the comment, whatever it was."""
        return self._decide("approve", by=by, note=note, seen=seen)

    def hold(self, *, by, reason="check", note="", seen=""):
        """Take the comment out of sight until somebody decides."""
        return self._decide("hold", by=by, reason=reason, note=note, seen=seen)

    def remove(self, *, by, reason, note="", seen=""):
        """Remove this comment alone; its replies stay, below a placeholder."""
        return self._decide("remove", by=by, reason=reason, note=note, seen=seen)

    def prune(self, *, by, reason, note="", seen=""):
        """Remove the comment and all below it."""
        return self._decide("prune", by=by, reason=reason, note=note, seen=seen)

    @property
    def is_deleted_by_writer(self):
        decisions = self.moderation_items.filter(action__undone_at=None, action__moderator=None)
        return decisions.filter(action__reason="writer").exists()

    @property
    def is_pruned(self):
        """Whether a decision that stands covers the comment with all below it."""
        return self.moderation_items.filter(action__undone_at=None, action__verb="prune").exists()

    def _decide(self, verb, *, by, note, reason="", seen=""):
        """Write the decision into the ledger and apply it, and answer its reports;
        returns the action."""
        with thread_write(self.thread.article_id) as thread:
            self.refresh_from_db(fields=["tree_id", "lft", "rght", "text"])
            if seen and seen != self.digest:
                raise Changed
            if verb in {"approve", "hold"} and self.is_deleted_by_writer:
                raise DeletedByWriter
            comments = type(self)._default_manager
            covered = comments.branch_of(self) if verb == "prune" else comments.filter(pk=self.pk)
            action = thread.actions.create(
                comment=self, verb=verb, reason=reason, note=note, moderator=by
            )
            action.cover(covered)
            apply(thread, covered)
            if by:
                requests = apps.get_model("comments.Report").objects
                requests.filter(comment__in=covered).answer(by=by)
        self.refresh_from_db(fields=["state", "reason", "moderated_at"])
        return action


def fold(comments):
    """Set each comment's state, reason and date to what the ledger says: the newest item that is
    not undone, else the first state. One UPDATE. Only inside ``thread_write``."""
    items = comments.model._meta.get_field("moderation_items").related_model
    newest = items.objects.filter(comment=OuterRef("pk"), action__undone_at=None).order_by(
        "-action_id"
    )
    comments.update(
        state=Coalesce(Subquery(newest.values("state")[:1]), F("first_state")),
        reason=Coalesce(Subquery(newest.values("action__reason")[:1]), F("first_reason")),
        moderated_at=Subquery(newest.values("action__created_at")[:1]),
    )


def apply(thread, comments):
    """Fold the ledger over some comments of a thread, and tell readers where they see a change.

    What is published for the first time is counted as its ID's next. Only inside
    ``thread_write``.
    """
    was_public = comments.published().exists()
    fold(comments)
    for comment in comments.published().filter(reader_ordinal=0).exclude(reader_code=""):
        comment.reader_ordinal = thread.next_ordinal(comment.reader_code)
        comment.save(update_fields=["reader_ordinal"])
    if was_public or comments.published().exists():
        thread.changed(trees_that_show(comments))


def trees_that_show(comments):
    """Return the numbers of the trees in which some comments stand or are listed as answers."""
    named = comments.model.objects.filter(answers__source__in=comments)
    own = comments.order_by().values_list("tree_id", flat=True)
    return set(own) | set(named.order_by().values_list("tree_id", flat=True))
