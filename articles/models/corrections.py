"""Corrections and additions (訂正・追記): dated notes that readers see at the top of an article."""

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models.trash import Trashable
from articles.revisions import store_snapshot


class CorrectionKind(models.TextChoices):
    CORRECTION = "correction", _("Correction")
    ADDITION = "addition", _("Addition")


@dataclass(frozen=True, slots=True)
class Correction:
    """A dated note. ``by`` is the primary key of the member of the staff, for the staff only."""

    kind: str
    text: str
    at: datetime
    by: int | None = None

    @property
    def label(self):
        return CorrectionKind(self.kind).label

    @property
    def anchor(self):
        return f"correction-{self.at:%Y%m%d%H%M%S}"


class Correctable(Trashable):
    """The notes are in the article's own row, so that each page has them without a query."""

    corrections = models.JSONField(_("corrections"), default=list, blank=True, editable=False)

    corrected_at = models.DateTimeField(null=True, editable=False)  # of the newest note

    class Meta:
        abstract = True

    @property
    def dated_notes(self):
        """The corrections and additions, the newest first."""
        notes = [
            Correction(each["kind"], each["text"], datetime.fromisoformat(each["at"]), each["by"])
            for each in self.corrections
        ]
        return sorted(notes, key=lambda note: note.at, reverse=True)

    def correct(self, *, kind, text, by=None):
        """Add a dated note to a public article. It sets the time of the update.

        Raises ``ValidationError`` for an article that is not public and for an empty text.
        """
        text = text.strip()
        if not text or kind not in CorrectionKind.values:
            raise ValidationError(_("Say what was corrected or added."), code="required")
        at = timezone.now().replace(microsecond=0)
        with transaction.atomic():
            current = type(self).objects.select_for_update().get(pk=self.pk)
            if not current.is_published:
                raise ValidationError(_("Only a public article is corrected."), code="state")
            entry = {"kind": kind, "text": text, "at": at.isoformat(), "by": by and by.pk}
            self.corrections = [*current.corrections, entry]
            self.corrected_at = at
            self.updated_at = max(at, current.updated_at)
            if by:
                self._history_user = by
            self.save(update_fields=["corrections", "corrected_at", "updated_at"])
            store_snapshot(self)
