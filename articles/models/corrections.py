"""Corrections and additions (訂正・追記): dated notes that readers see at the top of an article."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models.trash import Trashable
from articles.revisions import store_snapshot
from articles.web.languages import TextInLanguage


class CorrectionKind(models.TextChoices):
    CORRECTION = "correction", _("Correction")
    ADDITION = "addition", _("Addition")


@dataclass(frozen=True, slots=True)
class Correction:
    """A dated note. ``by`` is the primary key of the member of the staff, for the staff only;
    ``earlier`` are the texts that it had before, the oldest first, as {kind, text, until, by}."""

    kind: str
    text: str
    at: datetime
    by: int | None = None
    earlier: list = field(default_factory=list)

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
            replace(note, text=TextInLanguage(note.text, self.language_code))
            for note in map(_read_note, self.corrections)
        ]
        return sorted(notes, key=lambda note: note.at, reverse=True)

    def correct(self, *, kind, text, by=None):
        """Add a dated note to a public article. It sets the time of the update.

        Raises ``ValidationError`` for an article that is not public and for an empty text.
        """
        text = _check_text(kind, text)
        at = timezone.now().replace(microsecond=0)
        with transaction.atomic():
            current = self._lock_public()
            moments = {each["at"] for each in current.corrections}
            while at.isoformat() in moments:  # which names the note
                at += timedelta(seconds=1)
            entry = {"kind": kind, "text": text, "at": at.isoformat(), "by": by and by.pk}
            self.corrections = [*current.corrections, entry]
            self.corrected_at = at
            self.updated_at = max(at, current.updated_at)
            if by:
                self._history_user = by
            self.save(update_fields=["corrections", "corrected_at", "updated_at"])
            store_snapshot(self)

    def edit_note(self, anchor, *, kind, text, seen=None, by=None):
        """Correct a note itself, such as a typo in it; return whether that changed it.

        Its moment and the time of the update stay; the note remembers what it said before. Raises
        ``ValidationError`` as ``correct``, for a note that is not there, and if it says no more
        what was ``seen``.
        """
        text = _check_text(kind, text)
        with transaction.atomic():
            current = self._lock_public()
            entries = [dict(each) for each in current.corrections]
            entry = next((each for each in entries if _read_note(each).anchor == anchor), None)
            is_same = entry and (seen is None or _join_lines(seen) == _join_lines(entry["text"]))
            if not is_same:
                raise ValidationError(
                    _("Somebody has changed this note meanwhile."), code="changed"
                )
            if (entry["kind"], entry["text"]) == (kind, text):
                return False
            before = {"kind": entry["kind"], "text": entry["text"], "by": by and by.pk}
            before["until"] = timezone.now().isoformat(timespec="seconds")
            entry |= {"kind": kind, "text": text, "earlier": [*entry.get("earlier", []), before]}
            self.corrections = entries
            if by:
                self._history_user = by
            self.save(update_fields=["corrections"])
            store_snapshot(self)
        return True

    def _lock_public(self):
        """Lock the row of a public article and return it as it is."""
        current = type(self).objects.select_for_update().get(pk=self.pk)
        if not current.is_published:
            raise ValidationError(_("Only a public article is corrected."), code="state")
        return current


def _join_lines(text):
    """Return a text with the line ends that we store; browsers send others."""
    return text.replace("\r\n", "\n")


def _check_text(kind, text):
    text = _join_lines(text.strip())
    if not text or kind not in CorrectionKind.values:
        raise ValidationError(_("Say what was corrected or added."), code="required")
    return text


def _read_note(entry):
    at = datetime.fromisoformat(entry["at"])
    earlier = [
        each | {"until": datetime.fromisoformat(each["until"])} for each in entry.get("earlier", [])
    ]
    return Correction(entry["kind"], entry["text"], at, entry["by"], earlier)
