"""What earlier runs made of the things of one old site: old id to row here, and a checksum."""

import hashlib
import json

from newsroom.models import ImportedItem

BATCH = 500  # ids of one query
GONE = (None, "")  # what an earlier run made and somebody deleted here since


def checksum(value):
    """Return a hash of anything that JSON can hold, dates included."""
    code = json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.blake2b(code.encode(errors="replace"), digest_size=16).hexdigest()


def cut_back(memory, lengths):
    """Take out of dicts what was put in last, until they are as long as they were."""
    for entries, length in zip(memory, lengths, strict=True):
        while len(entries) > length:
            entries.popitem()


class Mapping:
    """Reads and writes ``ImportedItem`` rows of one source. In a dry run nothing is written."""

    def __init__(self, source, *, dry_run):
        self._rows = ImportedItem.objects.filter(source=source)
        self._source = source
        self._dry_run = dry_run

    def all_of(self, kind):
        """Return {old id: (id here, checksum)} of everything of a kind."""
        rows = self._rows.filter(kind=kind).values_list("old_id", "object_id", "checksum")
        return {old_id: (object_id, check) for old_id, object_id, check in rows.iterator()}

    def all_here(self, kind, model):
        """Return the same with ``GONE`` for what has no row in a model any more."""
        known = self.all_of(kind)
        here = set(model.objects.order_by().values_list("pk", flat=True)) if known else ()
        return {old_id: row if row[0] in here else GONE for old_id, row in known.items()}

    def known(self, kind, old_ids):
        """Return {old id: (id here, checksum)} of some things of a kind; ids are integers."""
        names = [str(old_id) for old_id in old_ids]
        found = {}
        for start in range(0, len(names), BATCH):
            rows = self._rows.filter(kind=kind, old_id__in=names[start : start + BATCH])
            for old_id, *value in rows.values_list("old_id", "object_id", "checksum"):
                found[int(old_id)] = tuple(value)
        return found

    def remember(self, kind, *entries):
        """Note (old id, id here, checksum) of things, in place of what was noted before."""
        if self._dry_run or not entries:
            return
        ImportedItem.objects.bulk_create(
            (
                ImportedItem(
                    source=self._source,
                    kind=kind,
                    old_id=str(old_id)[:200],
                    object_id=object_id,
                    checksum=check,
                )
                for old_id, object_id, check in entries
            ),
            batch_size=BATCH,
            update_conflicts=True,
            unique_fields=["source", "kind", "old_id"],
            update_fields=["object_id", "checksum"],
        )
