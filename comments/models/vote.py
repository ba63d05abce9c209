"""Votes: one row for a comment and a reader."""

from math import floor, log2

from django.db import connection, models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments.models.comment import Comment


def compute_weight(size):
    """Return the weight of a bucket: ``size`` votes from one network on one day.

    The first votes count in full, then they add up like a logarithm: 1,000 cookies of one host
    weigh 11.97.
    """
    return min(size, 2 + log2(size)) if size else 0.0


# How many buckets of each size there are: counted twice over, which querysets cannot.
BUCKETS = """
    SELECT value, size, COUNT(*) FROM (
        SELECT value, COUNT(*) AS size FROM comments_vote WHERE comment_id = %s
        GROUP BY bucket, value
    ) AS buckets GROUP BY value, size
"""


class Vote(models.Model):
    """A reader's vote on a comment: 1 or -1; a vote of 0 has no row.

    ``bucket`` is a random id for comment × network × day. It outlives the network's hash, so
    that purging changes no weight.
    """

    comment = models.ForeignKey(
        Comment,
        models.CASCADE,
        db_index=False,
        related_name="votes",
        verbose_name=_("comment"),
    )
    voter = models.CharField(_("voter"), max_length=64)
    value = models.SmallIntegerField(_("value"))
    network_hash = models.CharField(max_length=64, blank=True, editable=False)
    bucket = models.UUIDField(editable=False)
    voted_at = models.DateTimeField(_("voted at"), default=timezone.now)

    class Meta:
        verbose_name = _("vote")
        verbose_name_plural = _("votes")
        constraints = [
            models.UniqueConstraint(fields=["voter", "comment"], name="vote_once"),
            models.CheckConstraint(condition=Q(value__in=[1, -1]), name="vote_value"),
        ]
        indexes = [
            models.Index(fields=["comment", "network_hash", "voted_at"], name="vote_network"),
            models.Index(fields=["comment", "bucket", "value"], name="vote_tally"),
        ]

    def __str__(self):
        return f"{self.value:+d}"

    @classmethod
    def tally(cls, comment_id):
        """Return (up, down): the weights of the votes on a comment."""
        with connection.cursor() as cursor:
            cursor.execute(BUCKETS, [comment_id])
            return cls.tally_buckets(cursor.fetchall())

    @staticmethod
    def tally_buckets(buckets):
        """Return (up, down): ⌊Σ weight⌋ of the up-votes and of the down-votes.

        ``buckets`` are (value, size, how many buckets there are of this size), each size being
        the number of votes of that value in the bucket.
        """
        weights = {1: 0.0, -1: 0.0}
        for value, size, many in buckets:
            weights[value] += compute_weight(size) * many
        return floor(weights[1]), floor(weights[-1])
