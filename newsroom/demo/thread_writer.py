"""Puts the remarks of a story under its article, with votes and what the moderator did."""

import datetime
import random
import uuid

from comments.models import Comment, Reference, Vote, trees
from comments.models.comment import MAX_DEPTH
from comments.models.moderated import COUNTED
from comments.network import keyed_hash
from comments.posting import post
from comments.readers import Reader, signature
from comments.rendering import references, rendered
from newsroom.demo.outline import resolved


class ThreadWriter:
    """Writes the thread of one article. ``staff`` maps logins to users.

    Dates count from ``published_at`` and votes end at ``now``, so a thread is as old as its
    article and nothing in it lies in the future.
    """

    def __init__(self, article, *, published_at, now, staff):
        self._article = article
        self._published_at = published_at
        self._now = now
        self._staff = staff
        self._random = random.Random(article.slug)

    def post(self, remarks):
        """Post remarks one by one, as readers do; returns {remark: comment}."""
        made, numbers = {}, {}
        for remark in remarks:
            parent = made.get(remark.parent)
            held = remark.fate == "held"
            comment = made[remark] = post(
                self._article,
                text=resolved(remark, numbers | {"^": parent and parent.number}),
                name=remark.name,
                parent_id=parent and parent.pk,
                reader=self._reader(remark),
                staff=self._staff[remark.staff] if remark.staff else None,
                posted_at=self._time(remark),
                state=Comment.State.HELD if held else Comment.State.PUBLISHED,
                reason=remark.reason if held else "",
            )
            if remark.label:
                numbers[remark.label] = comment.number
        return made

    def insert(self, remarks):
        """Insert many remarks at once; returns {remark: comment}."""
        made, ordinals = {}, {}
        with trees.thread_write(self._article) as thread:
            for number, remark in enumerate(remarks, thread.last_number + 1):
                parent = made.get(remark.parent)
                reader = self._reader(remark)
                name, tripcode = signature(remark.name)
                code = reader.code_for(self._article.pk)
                ordinals[code] = ordinals.get(code, 0) + 1
                text = resolved(remark, {"^": parent and parent.number})
                made[remark] = Comment(
                    parent=parent,
                    number=number,
                    name=name,
                    tripcode=tripcode,
                    reader_code=code,
                    reader_ordinal=ordinals[code],
                    reader_hash=reader.hash,
                    network_hash=reader.network_hash,
                    text=text,
                    html=rendered(text, {}),
                    posted_at=self._time(remark),
                )
            trees.insert_many(list(made.values()), thread=thread, max_depth=MAX_DEPTH)
            self._refer(made.values())
        return made

    def vote(self, made):
        """Cast the votes, each of another reader on another network, some time after the comment;
        returns how many."""
        votes = []
        for remark, comment in made.items():
            for index, value in enumerate([1] * remark.ups + [-1] * remark.downs):
                who = f"{self._article.pk} {comment.number} {index}"
                votes.append(
                    Vote(
                        comment=comment,
                        voter=keyed_hash("demo voter", who),
                        value=value,
                        network_hash=keyed_hash("demo network", who),
                        bucket=uuid.UUID(int=self._random.getrandbits(128), version=4),
                        voted_at=self._moment_after(comment.posted_at),
                    )
                )
        with trees.thread_write(self._article) as thread:
            Vote.objects.bulk_create(votes, batch_size=trees.BATCH)
            rated = {vote.comment for vote in votes}
            for comment in rated:
                comment.count_votes()
            Comment.objects.bulk_update(rated, COUNTED, batch_size=trees.BATCH)
            thread.changed()
        return len(votes)

    def moderate(self, made):
        """Let the moderator remove and prune what the remarks say."""
        moderator = self._staff["moderator"]
        for remark, comment in made.items():
            if remark.fate in {"remove", "prune"}:
                verb = getattr(comment, remark.fate)
                verb(by=moderator, reason=remark.reason, note=remark.note)

    def _time(self, remark):
        return self._published_at + datetime.timedelta(minutes=remark.minutes)

    def _moment_after(self, moment):
        """Return a time between a moment and now, nearer to the moment."""
        return moment + (self._now - moment) * self._random.random() ** 3

    def _reader(self, remark):
        """Return the reader behind a key: the same in one thread, another in the next."""
        if remark.staff:
            return Reader()
        who = f"{self._article.pk} {remark.writer}"
        return Reader(
            hash=keyed_hash("demo reader", who), network_hash=keyed_hash("demo network", who)
        )

    def _refer(self, comments):
        """Link what the texts name, now that it has primary keys."""
        targets = {comment.number: comment.pk for comment in comments}
        naming = [comment for comment in comments if references(comment.text)]
        for comment in naming:
            comment.html = rendered(comment.text, targets)
        Comment.objects.bulk_update(naming, ["html"], batch_size=trees.BATCH)
        Reference.objects.bulk_create(
            Reference(source=comment, target_id=targets[number])
            for comment in naming
            for number in references(comment.text) & targets.keys()
        )
