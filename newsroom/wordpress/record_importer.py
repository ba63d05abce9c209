"""The base class of the importers of authors, attachments, taxonomies, posts and comments."""

from django.db import transaction

from newsroom.edition import raise_edition
from newsroom.imported import DELETED


class RecordImporter:
    """Imports records of one ``kind`` as rows of a ``model``.

    Counts each record as new, changed or unchanged since the last run. Writes nothing in a dry
    run. ``caches`` are the dicts that fill up while items are imported. Code that rolls back an
    item must remove its entries.
    """

    kind = model = None
    caches = ()

    def __init__(self, mapping, report, *, dry_run):
        self._mapping = mapping
        self._report = report
        self._dry_run = dry_run
        self._known = mapping.load_existing(self.kind, self.model) if self.model else {}

    def _import_record(self, old_id, checksum, save):
        """Return the id of a record here. ``save(known id or None)`` returns it."""
        pk, known_checksum = self._known.get(old_id, DELETED)
        outcome = "same" if known_checksum == checksum else "changed" if pk else "new"
        self._report.count(self.kind, outcome)
        if outcome == "same" or self._dry_run:
            return pk
        with transaction.atomic():
            pk = save(pk)
            self._mapping.save(self.kind, (old_id, pk, checksum))
            if outcome == "changed":  # by an update, and the import may be killed before its end
                raise_edition()
        return pk
