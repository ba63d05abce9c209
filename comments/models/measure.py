"""Measures: temporary rules for the site, a thread, a branch, a reader or a network."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments.models.comment import Comment
from comments.models.ledger import ModerationAction
from comments.models.states import Verb
from comments.models.thread import Thread


class MeasureQuerySet(models.QuerySet):
    def in_force(self, at=None):
        """The measures that have not ended and whose acts are not undone, newest first."""
        ends_later = Q(until=None) | Q(until__gt=at or timezone.now())
        return self.filter(ends_later, action__undone_at=None).order_by("-pk")

    def ended(self, at=None):
        """The measures whose time is over or whose acts are undone."""
        return self.filter(Q(until__lte=at or timezone.now()) | Q(action__undone_at__isnull=False))


class Measure(models.Model):
    """What an act of the ledger set up. It ends at ``until``, or when the act is undone; of two of
    the same kind and place the newer one holds.

    ``thread`` is None for the whole site; ``comment`` is the top of a branch, or the comment that
    is pinned or featured. ``value`` is the mode. A ban names a reader by ``reader_hash``, a
    network by ``network_hash`` under ``network_key``, a copy of the key of that week, so that it
    holds when the weekly keys are gone.
    """

    KINDS = [Verb.MODE, Verb.RAID, Verb.LOCK, Verb.SLOW, Verb.PIN, Verb.FEATURE, Verb.BAN]

    action = models.OneToOneField(
        ModerationAction, models.PROTECT, related_name="measure", verbose_name=_("act")
    )
    kind = models.CharField(
        _("kind"), max_length=10, choices=[(kind.value, kind.label) for kind in KINDS]
    )
    value = models.CharField(_("value"), max_length=10, blank=True)
    thread = models.ForeignKey(
        Thread,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="measures",
        verbose_name=_("thread"),
    )
    comment = models.ForeignKey(
        Comment,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="measures",
        verbose_name=_("comment"),
    )
    reader_hash = models.CharField(max_length=64, blank=True, editable=False)
    network_hash = models.CharField(max_length=64, blank=True, editable=False)
    network_key = models.CharField(max_length=64, blank=True, editable=False)
    until = models.DateTimeField(_("until"), null=True, blank=True)

    objects = MeasureQuerySet.as_manager()

    class Meta:
        verbose_name = _("measure")
        verbose_name_plural = _("measures")
        indexes = [
            models.Index(
                fields=["reader_hash"], name="measure_reader", condition=~Q(reader_hash="")
            ),
        ]

    def __str__(self):
        return self.get_kind_display()
