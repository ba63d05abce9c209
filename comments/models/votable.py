"""Voting on a comment."""

from datetime import timedelta
from functools import partial

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone

from articles.models import compiled, driver
from comments.models.trees import thread_write
from comments.refusals import NotVotable, OwnComment, OwnNetwork, VotingClosed

COUNTED = ["up_votes", "down_votes", "up_networks", "down_networks", "score"]


class Votable(models.Model):
    class Meta:
        abstract = True

    def vote(self, *, reader, value):
        """Set a reader's vote to 1, -1 or 0 (none); repeating a vote changes nothing.

        Raises ``NotVotable``, ``VotingClosed``, ``OwnComment`` or ``OwnNetwork``. A vote may be
        repeated or taken back after the thread closed. The score is counted in the same
        transaction.
        """
        vote = self.votes.model.of(reader, comment_id=self.pk, value=value)
        also = [partial(_votable_rows.send, type(self), *vote.place)]
        also += [partial(type(self.thread).send_regime, self.thread_id)] if value else []
        with thread_write(self.thread.article_id, also) as thread:
            refreshed, *regimes = thread.answers
            before, is_alone = self._refresh_to_vote(refreshed)
            if not self.is_published:
                raise NotVotable
            if before == value:  # whatever else has changed since
                return
            thread.article = self.thread.article
            if value:
                thread.regime = regimes[0](thread)
                if not thread.accepts_comments:
                    raise VotingClosed
            if self.is_written_by(reader):
                raise OwnComment
            if not before and self._may_be_of(reader):
                raise OwnNetwork
            thread.read_no_more()
            is_counted = is_alone and not before
            if is_counted:
                self._count_vote(value)
            else:
                self._save_vote(vote, is_first=not before)
                self.count_votes()
            with driver.as_one():
                if is_counted:
                    compiled.insert_keyless(vote)
                self._save_counts(thread)

    def _save_counts(self, thread):
        """Save ``COUNTED``, and raise the versions of the tree and the thread."""
        counts = [getattr(self, name) for name in COUNTED]
        if self.parent_id is None:  # the row that holds the version of the tree, too
            _save_votes_of_top(type(self), self.pk, *counts, thread.version + 1)
            thread.raise_versions([])
        else:
            _save_votes(type(self), self.pk, *counts)
            thread.raise_versions([self.tree_id])

    def _save_vote(self, vote, *, is_first):
        if is_first:
            compiled.insert_keyless(vote)
        elif vote.value:
            self.votes.filter(voter=vote.voter).update(value=vote.value, voted_at=vote.voted_at)
        else:
            self.votes.filter(voter=vote.voter).delete()

    def _count_vote(self, value):
        """Add a vote from networks that have not voted so yet: it has its full weight, and changes
        that of no other."""
        side = "up" if value > 0 else "down"
        setattr(self, f"{side}_votes", getattr(self, f"{side}_votes") + 1)
        setattr(self, f"{side}_networks", getattr(self, f"{side}_networks") + 1)
        self.score += value

    def count_votes(self):
        """Set ``COUNTED`` from the votes. The caller saves them, inside ``thread_write``."""
        self.set_counts(*self.votes.model.tally(self.pk))

    def set_counts(self, up, down):
        """Set ``COUNTED`` from the tallies of the votes."""
        self.up_votes, self.up_networks = up.weight, up.networks
        self.down_votes, self.down_networks = down.weight, down.networks
        self.score = self.imported_score + self.up_votes - self.down_votes

    def find_vote(self, reader):
        """Return the value of a reader's vote, 0 if there is none."""
        vote = self.read_vote(reader)
        return vote.value if vote else 0

    def read_vote(self, reader):
        """Return a reader's vote, or None."""
        return self.votes.filter(voter=reader.hash).first() if reader.hash else None

    def _may_be_of(self, reader):
        """Whether a reader may be the comment's writer without the cookie.

        For a day after the post, everybody in the writer's network may be, except readers whose
        key voted or wrote before the post. Others behind the address can vote a day later.
        """
        age = timezone.now() - self.posted_at
        return (
            bool(self.network_hash)
            and self.network_hash == reader.network_hash
            and age < timedelta(seconds=settings.COMMENT_RULES["own_network"])
            and not self._is_younger_than(reader)
        )

    def _is_younger_than(self, reader):
        """Whether the reader's key voted or wrote before this comment was posted."""
        if reader.new_key:
            return False
        votes = self.votes.model.objects.filter(voter=reader.hash, voted_at__lt=self.posted_at)
        comments = type(self).objects.filter(reader_hash=reader.hash, posted_at__lt=self.posted_at)
        return votes.exists() or comments.exists()

    def _refresh_to_vote(self, fetch):
        """Reload the fields that a vote depends on. Returns the value of the reader's vote, or 0,
        and whether no other vote of the new value comes from one of its networks."""
        [[*fields, value, is_known]] = fetch()
        for name, field in zip(VOTABLE_FIELDS, fields, strict=True):
            setattr(self, name, field)
        return value or 0, not is_known


VOTABLE_FIELDS = (
    *("state", "reader_hash", "network_hash", "posted_at"),
    *("imported_score", "tree_id", "parent_id", *COUNTED),
)


@compiled.rows
def _votable_rows(model, pk, voter, value, bucket_48, network):
    votes = model.votes.rel.related_model.objects.filter(comment=OuterRef("pk"))
    own = votes.filter(voter=voter).values("value")
    near = Q(bucket_48=bucket_48) | Q(network=network)
    known = Exists(votes.filter(near, value=value))
    comments = model.objects.order_by().filter(pk=pk)
    return comments.values_list(*VOTABLE_FIELDS, Subquery(own), known)


@compiled.update
def _save_votes(model, pk, up_votes, down_votes, up_networks, down_networks, score):
    counts = up_votes, down_votes, up_networks, down_networks, score
    return model.objects.filter(pk=pk), dict(zip(COUNTED, counts, strict=True))


@compiled.update
def _save_votes_of_top(model, pk, up_votes, down_votes, up_networks, down_networks, score, version):
    counts = up_votes, down_votes, up_networks, down_networks, score
    changes = dict(zip(COUNTED, counts, strict=True)) | {"tree_version": version}
    return model.objects.filter(pk=pk), changes
