"""Reports: complaints of readers about comments."""

import hashlib
from datetime import UTC, timedelta

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.web.text_diff import compare_texts
from comments.models.answered import Answered, AnsweredQuerySet
from comments.models.comment import Comment
from comments.models.ledger import ModerationItem
from comments.models.report_weights import Voice, compute_reporter_weight, is_past_threshold
from comments.models.states import Actor, Reason, State
from comments.models.trees import thread_write
from comments.refusals import AlreadyReported, AnsweredReport, Gone, OwnReport

A_DAY = timedelta(days=1)
HIDDEN = (State.HELD, State.REMOVED)


class Outcome(models.TextChoices):
    """What became of a report. Its reader sees the label."""

    WAITING = "waiting", _("Waiting for a moderator")
    HIDDEN = "hidden", _("Waiting for a moderator; the comment is hidden until then")
    REMOVED = "removed", _("Upheld: the comment was removed")
    HELD = "held", _("Upheld: the comment is held for moderation")
    KEPT = "kept", _("Not upheld: the comment stays")
    DELETED = "deleted", _("The commenter deleted the comment")


class ReportQuerySet(AnsweredQuerySet):
    def judged(self):
        """The reports that a moderator has answered."""
        return self.filter(answer__actor=Actor.MODERATOR)

    def unpurged(self):
        """The reports whose networks are still known."""
        return self.exclude(network_hash="")

    def with_outcomes(self):
        """Annotate ``left``: the state in which the answer left the comment."""
        items = ModerationItem.objects.in_force().exclude(state="")
        until = items.filter(comment=OuterRef("comment"), action_id__lte=OuterRef("answer_id"))
        newest = until.order_by("-action_id").values("state")[:1]
        left = Coalesce(Subquery(newest), F("comment__first_state"))
        return self.annotate(left=left).select_related("answer", "comment")

    def of(self, reader, comment):
        """The reports that a reader has filed about a comment; for a reader without a key, those
        that the network filed within a day."""
        own = self.filter(comment=comment)
        if reader.hash:
            return own.filter(reporter=reader.hash)
        since = timezone.now() - A_DAY
        return own.filter(network_hash=reader.network_hash, reported_at__gt=since)

    def check_reader(self, reader, comment):
        """Raise ``OwnReport`` about the reader's own comment, ``AnsweredReport`` about one that the
        reader answered, and ``AlreadyReported`` the second time."""
        if comment.is_written_by(reader):
            raise OwnReport
        if comment.is_answered_by(reader):
            raise AnsweredReport
        if self.of(reader, comment).exists():
            raise AlreadyReported

    def file(self, comment, *, reader, **fields):
        """File a reader's report about a comment; the report that weighs enough with the others
        lets the site hold the comment.

        Raises what ``check_reader`` raises, and ``Gone`` if the comment is no longer public.
        """
        with thread_write(comment.thread.article_id):
            comment.refresh_from_db(fields=["text", "state", "edited_at", "reader_hash"])
            if not comment.is_published:
                raise Gone
            self.check_reader(reader, comment)
            report = self._create(comment, reader, fields)
            if not comment.is_cleared and is_past_threshold(
                self.list_voices(comment), settings.COMMENT_HOLD_AT_REPORTS
            ):
                comment.hold(by=None, reason=Reason.REPORTS, actor=Actor.SITE)
        return report

    def list_voices(self, comment):
        """Return the open reports about a comment's present text, as they count. Two queries."""
        reports = list(self.open().filter(comment=comment, about=comment.text).unpurged())
        counts = self.model.objects.count_judged({report.reporter for report in reports})
        return [
            Voice(
                week=report.reported_at.astimezone(UTC).isocalendar()[:2],
                narrow=report.network_hash,
                wide=report.wide_network_hash or report.network_hash,
                weight=compute_reporter_weight(
                    *counts.get(report.reporter, (0, 0)), has_key=report.has_key
                ),
            )
            for report in reports
        ]

    def count_judged(self, reporters):
        """Return {reporter: (judged reports, upheld ones)}. One query."""
        judged = self.judged().filter(reporter__in=reporters).with_outcomes()
        counts = (
            judged.order_by()
            .values_list("reporter")
            .annotate(judged=Count("pk"), upheld=Count("pk", filter=Q(left__in=HIDDEN)))
        )
        return {reporter: (judged, upheld) for reporter, judged, upheld in counts}

    def _create(self, comment, reader, fields):
        try:
            with transaction.atomic():
                return self.create(
                    comment=comment,
                    about=comment.text,
                    reporter=reader.hash or name_keyless(reader.network_hash),
                    network_hash=reader.network_hash,
                    wide_network_hash=reader.network_hashes[-1],
                    **fields,
                )
        except IntegrityError as error:
            raise AlreadyReported from error


def name_keyless(network_hash, day=None):
    """Return the reporter of a report without a key: the hash of the network and the day."""
    today = f"{day or timezone.localdate()} {network_hash}"
    return hashlib.sha256(today.encode()).hexdigest()


class Report(Answered):
    """A reader's complaint about a comment. A moderator answers it with a decision about the
    comment, or by leaving the comment as it is.

    ``reporter`` is the hash of the reader's key; without one, of the network and the day.
    """

    comment = models.ForeignKey(
        Comment, models.PROTECT, related_name="reports", verbose_name=_("comment")
    )
    reason = models.CharField(_("reason"), max_length=12, choices=Reason)
    text = models.TextField(_("details"), max_length=2_000, blank=True)
    about = models.TextField(_("reported text"), blank=True, editable=False)
    reporter = models.CharField(max_length=64, blank=True, editable=False)
    network_hash = models.CharField(max_length=64, blank=True, editable=False)
    wide_network_hash = models.CharField(max_length=64, blank=True, editable=False)
    reported_at = models.DateTimeField(_("reported at"), default=timezone.now)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ["-reported_at", "-pk"]
        indexes = [
            models.Index(
                fields=["comment", "reported_at"], name="report_open", condition=Q(answered_at=None)
            ),
            models.Index(fields=["reported_at"], name="report_filed"),
            models.Index(fields=["reporter", "-reported_at"], name="report_reporter"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["comment", "reporter"], condition=~Q(reporter=""), name="report_once"
            ),
        ]

    def __str__(self):
        return f"{self.comment}: {self.get_reason_display()}"

    @property
    def difference(self):
        """What the writer has changed since the report, as pieces; none if the text is the same,
        or the reported one was purged."""
        is_same = not self.about or self.about == self.comment.text
        return [] if is_same else compare_texts(self.about, self.comment.text)

    @property
    def has_key(self):
        """Whether its reader had a key."""
        day = timezone.localdate(self.reported_at)
        return self.reporter != name_keyless(self.network_hash, day)

    @property
    def outcome(self):
        """What became of it, for its reader. Needs ``with_outcomes``."""
        if self.answer is None:
            return Outcome.HIDDEN if self.comment.is_held else Outcome.WAITING
        if self.answer.actor == Actor.WRITER:
            return Outcome.DELETED
        return {State.REMOVED: Outcome.REMOVED, State.HELD: Outcome.HELD}.get(
            self.left, Outcome.KEPT
        )

    @property
    def address(self):
        """The page of its comment, or the thread if the comment is hidden."""
        if self.comment.is_published:
            return self.comment.get_absolute_url()
        return f"{self.comment.thread.article.get_absolute_url()}#comments"
