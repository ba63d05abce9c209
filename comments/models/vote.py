"""Votes: one row for a comment and a reader."""

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from math import floor

from django.db import connection, models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models.bare import make_bare
from comments.models.comment import Comment
from comments.models.weights import compute_group_weight, compute_weight


def compute_bucket(comment_id, network_hash, day=""):
    """Return the bucket of a comment × network × day, or × week without a day: the hash of the
    network changes every week.

    It cannot be traced to a network once the key of the network hashes is deleted.
    """
    digest = hashlib.sha256(f"{comment_id} {day} {network_hash}".encode()).digest()
    return int.from_bytes(digest[:8], signed=True)


# The hosts that voted, counted by size, and with a size of 0 the networks of each value. Only in a
# /48 with several hosts are they distinguished.
HOSTS = """
    SELECT value, block, CASE WHEN block IS NOT NULL THEN bucket_56 END AS site, size, COUNT(*)
    FROM (
        SELECT value, bucket_56, size,
            CASE WHEN COUNT(*) OVER (PARTITION BY value, bucket_48) > 1 THEN bucket_48 END AS block
        FROM (
            SELECT value, bucket_48, bucket_56, bucket, COUNT(*) AS size
            FROM comments_vote WHERE comment_id = %s
            GROUP BY value, bucket_48, bucket_56, bucket
        ) AS hosts
    ) AS placed GROUP BY value, block, site, size
    UNION ALL
    SELECT value, NULL, NULL, 0, COUNT(DISTINCT network)
    FROM comments_vote WHERE comment_id = %s GROUP BY value
"""


@dataclass(frozen=True)
class WeighedVotes:
    """The votes of one value: ⌊Σ weight⌋, and how many networks (IPv4 or /48) of a week they come
    from."""

    weight: int
    networks: int


class Vote(models.Model):
    """A reader's vote on a comment: 1 or -1; a vote of 0 has no row.

    The buckets stand for comment × network × day (``compute_bucket``): ``bucket`` for the IPv4
    address or the /64, the others for the /56 and the /48 around it. ``network`` stands for comment
    × IPv4 address or /48 × week. They outlive the network's hash, so that purging changes no count.
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
    bucket = models.BigIntegerField(editable=False)
    bucket_56 = models.BigIntegerField(editable=False)
    bucket_48 = models.BigIntegerField(editable=False)
    network = models.BigIntegerField(editable=False)
    voted_at = models.DateTimeField(_("voted at"), default=timezone.now)

    class Meta:
        verbose_name = _("vote")
        verbose_name_plural = _("votes")
        constraints = [
            models.UniqueConstraint(fields=["voter", "comment"], name="vote_once"),
            models.CheckConstraint(condition=Q(value__in=[1, -1]), name="vote_value"),
        ]
        indexes = [
            models.Index(
                fields=["comment", "value", "bucket_48", "bucket_56", "bucket", "network"],
                name="vote_tally",
            ),
        ]

    @property
    def is_outdated(self):
        """Whether the comment was edited after the vote."""
        edited_at = self.comment.edited_at
        return edited_at is not None and edited_at > self.voted_at

    def __str__(self):
        return f"{self.value:+d}"

    @property
    def place(self):
        """What it shares with other votes."""
        return self.comment_id, self.voter, self.value, self.bucket_48, self.network

    @classmethod
    def of(cls, reader, *, comment_id, value, at=None):
        """Return a reader's vote, unsaved. A reader without a network counts as one."""
        at = at or timezone.now()
        hashes = reader.network_hashes if reader.network_hash else [reader.hash] * 3
        day = timezone.localdate(at)
        narrow, middle, wide = (compute_bucket(comment_id, each, day) for each in hashes)
        values = {
            "id": None,
            "comment_id": comment_id,
            "voter": reader.hash,
            "value": value,
            "bucket": narrow,
            "bucket_56": middle,
            "bucket_48": wide,
            "network": compute_bucket(comment_id, hashes[-1]),
            "voted_at": at,
        }
        return make_bare(cls, values)

    @classmethod
    def tally(cls, comment_id):
        """Return (up, down): the ``WeighedVotes`` of the votes of each value on a comment."""
        with connection.cursor() as cursor:
            cursor.execute(HOSTS, [comment_id] * 2)
            return cls.tally_hosts(cursor.fetchall())

    @staticmethod
    def tally_hosts(hosts):
        """Return (up, down), each a ``WeighedVotes``, from the hosts that voted.

        ``hosts`` are (value, /48, /56, size, how many), ``size`` being the number of votes of that
        value from one host. A /48 of None is one for each host. A size of 0 says how many networks
        have votes of that value.
        """
        weights, networks = {1: 0.0, -1: 0.0}, {1: 0, -1: 0}
        sites = defaultdict(lambda: (0.0, 0.0))
        for value, block, site, size, count in hosts:
            weight = compute_weight(size)
            if not size:
                networks[value] = count
            elif block is None:
                weights[value] += weight * count
            else:
                _add(sites, (value, block, site), weight, count)
        blocks = defaultdict(lambda: (0.0, 0.0))
        for (value, block, _site), parts in sites.items():
            _add(blocks, (value, block), compute_group_weight(*parts))
        for (value, _block), parts in blocks.items():
            weights[value] += compute_group_weight(*parts)
        up, down = (WeighedVotes(floor(weights[value]), networks[value]) for value in (1, -1))
        return up, down


def _add(groups, key, weight, count=1):
    """Add parts of one weight to the (total, largest) of a group."""
    total, largest = groups[key]
    groups[key] = total + weight * count, max(largest, weight)
