"""Measures: temporary rules for the site, a thread, a branch, a reader or a network."""

from datetime import timedelta

from django.db import models, transaction
from django.db.models import Case, Max, Q, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from articles.models import compiled
from comments.models.comment import Comment
from comments.models.ledger import ModerationAction
from comments.models.regime import InForce, Regime
from comments.models.stamps import MOST_CHANGES, Stamp, find_changes
from comments.models.states import MEASURES, Mode, RaidMode, Verb
from comments.models.thread import Thread
from comments.models.trees import threads_write
from comments.refusals import Changed, UnfitMeasure

LONGEST = 3650  # days
SAME_PRESS = timedelta(minutes=5)  # between the ends of two measures that are one press
SHOWS_TEXT = {Verb.PIN, Verb.FEATURE}

# A mode beside the number of days after which an article closes, of the same kind.
_IS_MODE = Case(When(value__in=Mode.values, then=True), default=False)


class MeasureQuerySet(models.QuerySet):
    def of_site(self):
        """The modes and the raid protection of the whole site."""
        return self.filter(thread=None, kind__in=[Verb.MODE, Verb.RAID])

    def raids(self):
        """The raid protection in force, the one that holds first."""
        return self.of_site().filter(kind=Verb.RAID).in_force()

    def for_list(self):
        """With the related rows that a list of measures shows."""
        return self.select_related(
            "action__moderator", "thread__article", "comment__staff", "comment__thread"
        )

    def in_force(self, at=None):
        """The measures that have not ended and whose acts are not undone, newest first."""
        ends_later = Q(until=None) | Q(until__gt=at or timezone.now())
        return self.filter(ends_later, action__undone_at=None).order_by("-pk")

    def of_place(self, kind, *, thread, comment):
        """The measures of one kind and place, of which only one can hold. Several comments of a
        thread can be featured, one is pinned."""
        place = {"thread": thread} if kind == Verb.PIN else {"thread": thread, "comment": comment}
        return self.filter(kind=kind, **place)

    def list_since(self, seen):
        """Return those that were taken or ended after a form was shown, newest first; none if its
        stamp does not say when."""
        stamp = Stamp.read(seen)
        if stamp.at is None:
            return []
        since = Q(action__created_at__gte=stamp.moment) | Q(action__undone_at__gte=stamp.moment)
        newer = self.filter(since).select_related("action__moderator", "action__undone_by")
        return list(newer.order_by("-pk")[:MOST_CHANGES])

    def find_twin(self, *, by, value, until, seen):
        """Return the act of the same press if it was sent twice, else None. Raises ``Changed`` if
        something else happened to these measures since the form was shown."""
        newer = self.list_since(seen)
        if not newer:
            return None
        if newer[0].is_press_of(by, value, until):
            return newer[0].action
        raise Changed(each.action.describe() for each in newer)

    def refuse_changed(self, seen, user):
        """Raise ``Changed`` if others took or ended such a measure since a form was shown."""
        acts = [each.action for each in self.list_since(seen)]
        theirs = [act for act in acts if user != (act.undone_by or act.moderator)]
        if theirs:
            raise Changed(act.describe() for act in theirs)

    def holding(self, at=None):
        """Those in force, of the same kind and place only the newest one without an end."""
        endless = self.in_force(at).filter(until=None).order_by()
        places = endless.annotate(is_mode=_IS_MODE).values("kind", "thread", "comment", "is_mode")
        newest = places.annotate(newest=Max("pk")).values("newest")
        return self.in_force(at).filter(Q(until__isnull=False) | Q(pk__in=newest))

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

    KINDS = MEASURES

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
        db_index=False,
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
            models.Index(fields=["thread", "kind"], name="measure_place"),
            models.Index(
                fields=["reader_hash"], name="measure_reader", condition=~Q(reader_hash="")
            ),
        ]

    def __str__(self):
        return self.get_kind_display()

    @classmethod
    def read_regime(cls, thread):
        """Return the regime of a thread now. One query for the measures of site, thread and
        branches together."""
        return cls.send_regime(thread.pk or 0)(thread)

    @staticmethod
    def send_regime(thread_id):
        """Send that query; returns a function that returns the regime of the thread."""
        now = timezone.now()
        fetch = _measures.send(thread_id, now)
        return lambda thread: Regime(thread, [InForce(*row) for row in fetch()], now)

    def is_press_of(self, user, value, until):
        """Whether a user has taken this measure, and it says the same."""
        is_own = self.action.moderator_id == user.pk and not self.action.is_undone
        if self.until and until:
            return is_own and self.value == value and abs(self.until - until) < SAME_PRESS
        return is_own and self.value == value and self.until == until

    def describe_value(self):
        """Say what the value means; empty where the kind says it all."""
        if self.kind == Verb.MODE:
            return describe_mode(self.value)
        if self.kind == Verb.RAID:
            return RaidMode(self.value).label
        if self.kind == Verb.SLOW:
            minutes = int(self.value)
            return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
        return _("On the front page too") if self.value == "front" else ""

    @classmethod
    def take(cls, kind, *, by, thread=None, comment=None, value="", until=None, note="", seen=""):
        """Set up a measure with its act of the ledger; returns the act.

        Undoing the act ends the measure. ``seen`` is the stamp of the comment, or of the form.
        Raises ``Changed`` if a text that is pinned or featured, or the measures of this place have
        changed since, and ``UnfitMeasure`` if a value, a comment or an end is missing or wrong.
        """
        thread = comment.thread if comment else thread
        with threads_write([thread.article_id] if thread else []) as locked, transaction.atomic():
            if comment:
                comment.refresh_from_db()
            same = cls.objects.of_place(kind, thread=thread, comment=comment)
            if twin := same.find_twin(by=by, value=value, until=until, seen=seen):
                return twin
            is_read = seen and kind in SHOWS_TEXT and comment
            changes = find_changes(comment, Stamp.read(seen)) if is_read else []
            if changes:
                raise Changed(changes)
            _check_measure(kind, thread=thread, comment=comment, value=value, until=until)
            action = ModerationAction.objects.create(
                verb=kind, thread=thread, comment=comment, moderator=by, note=note
            )
            cls.objects.create(
                action=action, kind=kind, value=value, thread=thread, comment=comment, until=until
            )
            for each in locked:
                each.raise_versions(())
        return action


# What the values of a measure may be; a comment must fit too.
VALUES = {
    Verb.MODE: lambda value: value in Mode.values or _is_number(value, least=0, most=LONGEST),
    Verb.RAID: lambda value: value in RaidMode.values,
    Verb.SLOW: lambda value: _is_number(value, least=1, most=1440),
    Verb.FEATURE: lambda value: value in {"", "front"},
}
FITTING = {
    Verb.PIN: lambda comment: comment.is_published and comment.staff_id,
    Verb.FEATURE: lambda comment: comment.is_published and not comment.staff_id,
}


def describe_mode(value):
    """Say what a mode means; a number is that of the days after which an article closes."""
    if not value.isdigit():
        return Mode(value).label
    days = int(value)
    if not days:
        return _("Never closes by itself")
    return ngettext(
        "Closes %(count)d day after publication", "Closes %(count)d days after publication", days
    ) % {"count": days}


def _check_measure(kind, *, thread, comment, value, until):
    of_branch = kind in {Verb.LOCK, Verb.SLOW, Verb.PIN, Verb.FEATURE}
    fits = of_branch == bool(comment) and VALUES.get(kind, lambda value: not value)(value)
    if kind == Verb.RAID and (thread or not until):
        fits = False
    if comment and not FITTING.get(kind, lambda comment: True)(comment):
        fits = False
    if not fits or (until and until <= timezone.now()):
        raise UnfitMeasure


def _is_number(value, *, least, most):
    return value.isascii() and value.isdigit() and least <= int(value) <= most


@compiled.rows
def _measures(thread_id, now):
    of_site = Q(thread=None, kind__in=[Verb.MODE, Verb.RAID])
    of_thread = Q(thread=thread_id)
    measures = Measure.objects.filter(of_site | of_thread).holding(now)
    fields = ("kind", "value", "until", "thread_id", "action_id", "comment_id")
    edges = ("comment__tree_id", "comment__lft", "comment__rght")
    return measures.values_list(*fields, *edges)
