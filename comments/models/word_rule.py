"""Word rules: words and patterns that hold, refuse or question a comment."""

import hashlib
import json
import uuid

from django.conf import settings
from django.db import models, transaction
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments.models.states import Reason
from comments.word_rules.rule_text import RuleLine

BATCH = 500  # rules a statement
# What each class of patterns finds, for who meets its name in a list.
PATTERNS = {
    "line": _("invitations with a LINE account"),
    "messenger": _("invitations with an account of another messenger"),
    "handle": _("@names"),
    "mail": _("mail addresses"),
    "phone": _("mobile numbers"),
    "money": _("promises of quick money"),
}


class WordRuleQuerySet(models.QuerySet):
    """Every write renews the version, so that each process compiles the rules anew."""

    def on(self):
        return self.filter(is_on=True)

    def listed(self):
        """The rules that nobody has deleted."""
        return self.filter(is_deleted=False)

    def with_outcomes(self):
        """Annotate each rule with what became of its comments: ``waiting`` are held, ``upheld``
        were removed by a moderator, ``released`` published."""
        # The index of the rules has only comments with one. A join would read all comments.
        comments = self.model.comments.rel.related_model.objects.exclude(matched_rule=None)
        own = comments.order_by().filter(matched_rule=OuterRef("pk"))
        return self.annotate(
            waiting=_count(own.held()),
            upheld=_count(own.removed().exclude(reason=Reason.WRITER)),
            released=_count(own.published()),
        )

    def fold(self):
        """Make each field of the rules what the newest change of it in force says; without one,
        what it was before the first. Concurrent changes of rules wait."""
        with transaction.atomic():
            WordRuleVersion.lock()
            rules = list(self.prefetch_related("changes__action").order_by("pk"))
            for rule in rules:
                rule.take_fields(rule.fold_changes())
            self.model.objects.bulk_update(rules, WordRule.CHANGING, batch_size=BATCH)

    def update(self, **fields):
        return self._renew(super().update(**fields))

    def bulk_create(self, *args, **options):
        return self._renew(super().bulk_create(*args, **options))

    def bulk_update(self, *args, **options):
        return self._renew(super().bulk_update(*args, **options))

    def _renew(self, result):
        WordRuleVersion.renew()
        return result


def _count(comments):
    count = comments.values("matched_rule").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(count), 0)


class WordRule(models.Model):
    """A word, or the name of a class of patterns, with what happens to a comment that has it.

    Matching ignores how the word is written (``comments.word_rules``). ``allowed`` lists longer
    words, one a line, inside which the word is no hit. Comments name the rule that matched, and
    the ledger says who changed it: a rule that is deleted is no longer listed, but its row stays.
    """

    CHANGING = ("action", "allowed", "is_on", "note", "is_deleted")

    class Kind(models.TextChoices):
        WORD = "word", _("Word")
        PATTERN = "pattern", _("Pattern")

    class Action(models.TextChoices):
        HOLD = "hold", _("Hold")
        REFUSE = "refuse", _("Refuse")
        NUDGE = "nudge", _("Ask first")

    text = models.CharField(_("word"), max_length=100)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.WORD)
    action = models.CharField(_("action"), max_length=10, choices=Action, default=Action.HOLD)
    allowed = models.TextField(_("allowed words"), blank=True)
    is_on = models.BooleanField(_("on"), default=True)
    is_deleted = models.BooleanField(_("deleted"), default=False, editable=False)
    note = models.CharField(_("note"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        verbose_name=_("created by"),
    )

    objects = WordRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("word rule")
        verbose_name_plural = _("word rules")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "text"], name="word_rule_once"),
            models.CheckConstraint(
                condition=Q(is_on=False) | Q(is_deleted=False), name="word_rule_deleted_is_off"
            ),
        ]

    def __str__(self):
        return f"/{self.text}/" if self.kind == self.Kind.PATTERN else self.text

    @property
    def meaning(self):
        """What a class of patterns finds; empty for a word."""
        return PATTERNS[self.text] if self.kind == self.Kind.PATTERN else ""

    @property
    def allowed_words(self):
        return self.allowed.split("\n") if self.allowed else []

    @property
    def precision(self):
        """The share of its decided comments that were removed, in per cent; None without any.
        For rules ``with_outcomes``."""
        decided = self.upheld + self.released
        return round(100 * self.upheld / decided) if decided else None

    @classmethod
    def from_line(cls, line):
        """Return the unsaved rule of a line of text."""
        return cls(
            text=line.text,
            kind=line.kind,
            action=line.action,
            allowed="\n".join(line.allowed),
            is_on=line.is_on,
            note=line.note,
        )

    def as_line(self):
        return RuleLine(
            self.text, self.kind, self.action, tuple(self.allowed_words), self.is_on, self.note
        )

    @property
    def fields(self):
        """What an act may change, as the ledger stores it."""
        return {name: getattr(self, name) for name in self.CHANGING}

    @property
    def stamp(self):
        """What a form says that its moderator saw; empty without such a rule in the list."""
        if self.pk is None or self.is_deleted:
            return ""
        return hashlib.sha256(json.dumps(self.fields).encode()).hexdigest()[:16]

    def fold_changes(self):
        """Return the fields that its changes in force make, each the newest that changed it; the
        oldest change comes first."""
        changes = list(self.changes.all())
        fields = dict(changes[0].before)
        for change in changes:
            if not change.action.is_undone:
                fields |= change.changed_fields
        fields["is_on"] = fields["is_on"] and not fields["is_deleted"]
        return fields

    def take_fields(self, fields):
        for name, value in fields.items():
            setattr(self, name, value)

    def save(self, *args, **options):
        super().save(*args, **options)
        WordRuleVersion.renew()


class WordRuleVersion(models.Model):
    """One row with a token that every change of the rules replaces."""

    token = models.UUIDField(default=uuid.uuid4)

    class Meta:
        verbose_name = _("version of the word rules")
        verbose_name_plural = _("versions of the word rules")

    def __str__(self):
        return str(self.token)

    @classmethod
    def lock(cls):
        """Wait for other changes of the rules, until the transaction ends."""
        cls.objects.get_or_create(pk=1)
        cls.objects.select_for_update().get(pk=1)

    @classmethod
    def renew(cls):
        cls.objects.update_or_create(pk=1, defaults={"token": uuid.uuid4()})
