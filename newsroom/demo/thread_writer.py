"""Writes the remarks of a story under its article, with votes and moderation."""

import datetime
import random

from comments.models import Comment, Measure, ModerationAction, ModerationItem, Vote, trees
from comments.models.folds import apply_ledger
from comments.models.states import Verb
from comments.models.votable import COUNTED
from comments.network import hash_value
from comments.posting import post
from comments.readers import Reader
from newsroom.demo.outline import resolve_references


class ThreadWriter:
    """Writes the thread of one article. ``staff`` maps logins to users.

    Comments are dated from ``published_at`` on, votes up to ``now``.
    """

    def __init__(self, article, *, published_at, now, staff):
        self._article = article
        self._published_at = published_at
        self._now = now
        self._staff = staff
        self._random = random.Random(article.slug)

    def post_remarks(self, remarks):
        """Post remarks as readers do; returns {remark: comment}."""
        comments, numbers = {}, {}
        for remark in remarks:
            parent = comments.get(remark.parent)
            held = remark.fate == "held"
            comment = comments[remark] = post(
                self._article,
                text=resolve_references(remark, numbers | {"^": parent and parent.number}),
                name=remark.name,
                parent_id=parent and parent.pk,
                reader=self._build_reader(remark),
                staff=self._staff[remark.staff] if remark.staff else None,
                posted_at=self._published_at + datetime.timedelta(minutes=remark.minutes),
                state=Comment.State.HELD if held else Comment.State.PUBLISHED,
                reason=remark.reason if held else "",
            )
            if remark.label:
                numbers[remark.label] = comment.number
        return comments

    def cast_votes(self, comments):
        """Cast all votes and return how many. Each comes from its own reader and network."""
        votes = []
        for remark, comment in comments.items():
            for index, value in enumerate([1] * remark.ups + [-1] * remark.downs):
                key = f"{self._article.pk} {comment.number} {index}"
                votes.append(
                    Vote.of(
                        Reader(hash=hash_value("demo voter", key)),
                        comment_id=comment.pk,
                        value=value,
                        at=self._choose_moment_after(comment.posted_at),
                    )
                )
        with trees.thread_write(self._article) as thread:
            Vote.objects.bulk_create(votes, batch_size=trees.BATCH)
            keys = {vote.comment_id for vote in votes}
            rated = [comment for comment in comments.values() if comment.pk in keys]
            for comment in rated:
                comment.count_votes()
            Comment.objects.bulk_update(rated, COUNTED, batch_size=trees.BATCH)
            thread.recount()
        return len(votes)

    def moderate(self, comments):
        """Let the moderator remove and prune the comments whose remarks say so, each within hours
        of its comment."""
        moderator, acts = self._staff["moderator"], []
        with trees.thread_write(self._article) as thread:
            for remark, comment in comments.items():
                if remark.fate in {"remove", "prune"}:
                    verb = getattr(comment, remark.fate)
                    action = verb(by=moderator, reason=remark.reason, note=remark.note)
                    action.created_at = self._choose_decision_after(comment.posted_at)
                    acts.append(action)
            ModerationAction.objects.bulk_update(acts, ["created_at"])
            covered = ModerationItem.objects.filter(action__in=acts).values_list("comment")
            thread.refresh_from_db()  # each act has locked and counted it anew
            apply_ledger(thread, [pk for (pk,) in covered])

    def feature(self, comments):
        """Let the editor feature the comments whose remarks say so, also on the front page."""
        for remark, comment in comments.items():
            if remark.is_featured:
                Measure.take(Verb.FEATURE, by=self._staff["editor"], comment=comment, value="front")

    def _choose_moment_after(self, moment):
        """Return a time between a moment and now, nearer to the moment."""
        return moment + (self._now - moment) * self._random.random() ** 3

    def _choose_decision_after(self, moment):
        """Return a time between a moment and the next morning, but no later than now."""
        wait = datetime.timedelta(minutes=5 + 900 * self._random.random() ** 3)
        return min(moment + wait, self._now)

    def _build_reader(self, remark):
        """Return the reader of a key. The same key is another reader in another thread."""
        if remark.staff:
            return Reader()
        key = f"{self._article.pk} {remark.writer}"
        return Reader(
            hash=hash_value("demo reader", key), network_hash=hash_value("demo network", key)
        )
