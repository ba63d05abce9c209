"""Voting on a comment."""

import uuid

from django.db import models
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from comments import compiled
from comments.models.trees import thread_write
from comments.refusals import NotVotable, OwnComment

COUNTED = ["up_votes", "down_votes", "score"]
NOBODY = "-"  # replaces an empty hash, which many votes may share


class Votable(models.Model):
    class Meta:
        abstract = True

    def vote(self, *, reader, value):
        """Set a reader's vote to 1, -1 or 0 (none); repeating a vote changes nothing.

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
                vote = self.votes.model(
                    comment_id=self.pk,
                    voter=reader.hash,
                    value=value,
                    network_hash=reader.network_hash,
                    bucket=bucket or uuid.uuid4(),
                )
                compiled.insert(vote)
            self.count_votes()
            _save_votes(type(self), self.pk, *(getattr(self, name) for name in COUNTED))
            thread.raise_versions([self.tree_id])

    def count_votes(self):
        """Set ``COUNTED`` from the votes. The caller saves them, inside ``thread_write``."""
        self.up_votes, self.down_votes = self.votes.model.tally(self.pk)
        self.score = self.imported_score + self.up_votes - self.down_votes

    def find_vote(self, reader):
        """Return the value of a reader's vote, 0 if there is none."""
        vote = self.votes.filter(voter=reader.hash).first() if reader.hash else None
        return vote.value if vote else 0

    def _refresh_to_vote(self, reader):
        """Reload the fields that a vote depends on. Returns the value of the reader's vote and the
        bucket of this comment, the reader's network and today, each None if there is none."""
        today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
        network_hash = reader.network_hash or NOBODY
        row = _votable_rows.first(type(self), self.pk, reader.hash, network_hash, today)
        self.state, self.reader_hash, self.imported_score, self.tree_id, *own = row
        return own


@compiled.rows
def _votable_rows(model, pk, voter, network_hash, today):
    votes = model.votes.rel.related_model.objects.filter(comment=OuterRef("pk"))
    same_network = votes.filter(network_hash=network_hash, voted_at__gte=today)
    fields = ("state", "reader_hash", "imported_score", "tree_id")
    return (
        model.objects.order_by()
        .filter(pk=pk)
        .values_list(
            *fields,
            Subquery(votes.filter(voter=voter).values("value")),
            Subquery(same_network.values("bucket")[:1]),
        )
    )


@compiled.update
def _save_votes(model, pk, up_votes, down_votes, score):
    counts = {"up_votes": up_votes, "down_votes": down_votes, "score": score}
    return model.objects.filter(pk=pk), counts
