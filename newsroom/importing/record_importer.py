"""The base class of the importers of authors, attachments, taxonomies, posts and comments."""

from django.db import transaction
from django.utils.translation import gettext as _

from newsroom.edition import raise_edition
from newsroom.importing.mapping import DELETED, compute_checksum

KEPT = "kept"  # in place of the values here: an edit was kept, the source's change was not taken
SHORT = 16  # characters of a checksum of values here


class RecordImporter:
    """Imports records of one ``kind`` as rows of a ``model``.

    Counts each record as new, changed or unchanged since the last run, or as kept: what was
    changed both there and here stays as it is here, unless ``theirs`` is set. Writes nothing in a
    dry run. ``caches`` are the dicts that fill up while items are imported. Code that rolls back
    an item must remove its entries.
    """

    kind = model = None
    editable = ()  # the fields that an editor may change and an import writes
    caches = ()

    def __init__(self, mapping, report, *, dry_run, theirs=False):
        self._mapping = mapping
        self._report = report
        self._dry_run = dry_run
        self._theirs = theirs
        self._known = mapping.load_existing(self.kind, self.model) if self.model else {}

    def _import_record(self, old_id, checksum, save, subject=""):
        """Return the id of a record here. ``save(known id or None)`` returns it."""
        pk, stored = self._known.get(old_id, DELETED)
        known_checksum, _point, written = stored.partition(".")
        is_kept = written == KEPT
        if known_checksum == checksum and not (is_kept and self._theirs):
            outcome = "same"
        elif not pk:
            outcome = "new"
        else:
            is_edited = is_kept or (written and written != self._read_values(pk))
            outcome = "kept" if is_edited and not self._theirs else "changed"
        self._report.count(self.kind, outcome)
        if outcome == "kept":
            self._report.remark(_("edited here too: kept as it is here"), subject=subject)
        if outcome == "same" or self._dry_run:
            return pk
        with transaction.atomic():
            if outcome == "kept":
                written = KEPT
            else:
                pk = save(pk)
                written = self._read_values(pk)
            self._mapping.save(self.kind, (old_id, pk, ".".join(filter(None, [checksum, written]))))
            if outcome == "changed":  # by an update, and the import may be killed before its end
                raise_edition()
        return pk

    def _read_values(self, pk):
        """Return a short checksum of what an editor may have changed in a row, if anything."""
        if not self.editable:
            return ""
        return compute_checksum(list(self.model.objects.filter(pk=pk).values(*self.editable)))[
            :SHORT
        ]
