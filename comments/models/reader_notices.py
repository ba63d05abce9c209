"""What readers without accounts are told of: answers to their comments."""

from django.db import models
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from articles.web.paging import read_integer
from comments.models.comment import Comment
from comments.models.feed_key import draw_secret


class AnswerNoticeQuerySet(models.QuerySet):
    def with_unread(self, answers, reader):
        """Annotate answers to a reader with ``is_unread``, the unread and the newest first."""
        seen = self.filter(reader_hash=reader.hash, answer=OuterRef("pk"), seen_at__isnull=False)
        return answers.annotate(is_unread=~Exists(seen)).order_by("-is_unread", "-pk")

    def note(self, reader_hash, answers, **moments):
        """Note when a reader saw some answers, or was told of them; what was noted stays."""
        rows = [self.model(reader_hash=reader_hash, answer=answer) for answer in answers]
        self.bulk_create(rows, ignore_conflicts=True)
        own = self.filter(reader_hash=reader_hash, answer__in=answers)
        for field, at in moments.items():
            own.filter(**{field: None}).update(**{field: at})


class AnswerNotice(models.Model):
    """An answer that a reader has seen, or was told of by a push message."""

    reader_hash = models.CharField(max_length=64)
    answer = models.ForeignKey(Comment, models.CASCADE, related_name="notices")
    seen_at = models.DateTimeField(null=True)
    pushed_at = models.DateTimeField(null=True)

    objects = AnswerNoticeQuerySet.as_manager()

    class Meta:
        verbose_name = "answer notice"
        constraints = [
            models.UniqueConstraint(fields=["reader_hash", "answer"], name="answer_notice_once")
        ]

    def __str__(self):
        return f"{self.reader_hash[:8]}: {self.answer}"


class ReaderFeedQuerySet(models.QuerySet):
    def renew(self, reader):
        """Give a reader a new secret address; the old one is void."""
        values = {"secret": draw_secret(), "created_at": timezone.now()}
        return self.update_or_create(reader_hash=reader.hash, defaults=values)[0]

    def find(self, token):
        """Return the feed with this token, or None."""
        pk, _hyphen, secret = token.partition("-")
        feed = self.filter(pk=read_integer(pk)).first()
        return feed if feed and constant_time_compare(secret, feed.secret) else None


class ReaderFeed(models.Model):
    """The random secret of one reader's feed of answers. Whoever knows it can read the feed."""

    reader_hash = models.CharField(max_length=64)
    secret = models.CharField(max_length=64, default=draw_secret)
    created_at = models.DateTimeField(default=timezone.now)

    objects = ReaderFeedQuerySet.as_manager()

    class Meta:
        verbose_name = "reader's feed"
        constraints = [models.UniqueConstraint(fields=["reader_hash"], name="reader_feed_once")]

    def __str__(self):
        return self.reader_hash[:8]

    @property
    def token(self):
        return f"{self.pk}-{self.secret}"
