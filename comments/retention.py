"""Retention: the keys and networks of old comments, votes and reports are purged."""

from django.db.models import CharField, Exists, OuterRef, Value
from django.db.models.functions import Cast, Concat

from articles.models import NetworkKey
from comments.models import (
    AnswerNotice,
    Comment,
    Measure,
    PushSubscription,
    ReaderFeed,
    Report,
    Vote,
)
from comments.models.trees import thread_write


def purge(*, before, dry_run=False):
    """Purge the keys and networks of comments, votes and reports older than a moment.

    The ID beside a comment stays, so that the thread can still be read; its writer can no longer
    edit it. Votes keep their value and buckets, so no score changes; the voter becomes a number
    that no cookie matches, so the same reader may vote again. Network keys of that age are
    deleted, except the one in use. A ban that has ended forgets whom it named. What a reader is
    told of answers, and where, goes with the reader's last comment. Returns the counts by name.
    """
    comments = Comment.objects.filter(posted_at__lt=before).exclude(reader_hash="", network_hash="")
    votes = Vote.objects.filter(voted_at__lt=before).exclude(voter__startswith="forgotten")
    reports = Report.objects.filter(reported_at__lt=before).exclude(reporter="", network_hash="")
    keys = NetworkKey.objects.outdated(before=before)
    bans = Measure.objects.ended().exclude(reader_hash="", network_hash="")
    old = {
        "comments": comments,
        "votes": votes,
        "reports": reports,
        "network keys": keys,
        "bans": bans,
    }
    counts = {what: rows.count() for what, rows in old.items()}
    if dry_run:
        return counts
    articles = set(comments.order_by().values_list("thread__article_id", flat=True).distinct())
    articles |= set(votes.order_by().values_list("comment__thread__article_id", flat=True))
    for article_id in sorted(articles):
        with thread_write(article_id) as thread:
            comments.filter(thread=thread).update(
                reader_hash="", network_hash="", wide_network_hash="", submission=None
            )
            votes.filter(comment__thread=thread).update(
                voter=Concat(Value("forgotten "), Cast("pk", CharField()))
            )
    reports.update(reporter="", network_hash="", wide_network_hash="")
    keys.delete()
    bans.update(reader_hash="", network_hash="", network_key="")
    AnswerNotice.objects.filter(answer__posted_at__lt=before).delete()
    for model in (ReaderFeed, PushSubscription):
        own = Comment.objects.filter(reader_hash=OuterRef("reader_hash"))
        model.objects.filter(~Exists(own), created_at__lt=before).delete()
    return counts
