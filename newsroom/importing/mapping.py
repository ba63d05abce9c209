"""Records of earlier imports: the old id, the id here and a checksum of each imported object."""

import hashlib
import json

from django.db import connection

from newsroom.models import ImportedItem

# A bulk_create of a hundred thousand rows takes six times as long.
WRITE = (
    f"INSERT INTO {ImportedItem._meta.db_table} (source, kind, old_id, object_id, checksum)"
    " VALUES (%s, %s, %s, %s, %s) ON CONFLICT (source, kind, old_id)"
    " DO UPDATE SET object_id = excluded.object_id, checksum = excluded.checksum"
)
BATCH = 500  # ids in one query
DELETED = (None, "")  # imported by an earlier run and deleted here since


def compute_checksum(value):
    """Return a hash of a JSON value, which may hold dates."""
    code = json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.blake2b(code.encode(errors="replace"), digest_size=16).hexdigest()


def derive_key(*parts):
    """Return a negative integer that depends on the parts alone: the key of what has no id."""
    code = "\0".join(map(str, parts)).encode(errors="replace")
    return -1 - int.from_bytes(hashlib.blake2b(code, digest_size=6).digest())


def split_batches(values):
    """Yield lists of at most ``BATCH`` values."""
    values = list(values)
    for start in range(0, len(values), BATCH):
        yield values[start : start + BATCH]


def find_existing(rows, column, values):
    """Return those of the values that occur in a column of a queryset; there may be many."""
    existing = set()
    for batch in split_batches(values):
        existing.update(rows.filter(**{f"{column}__in": batch}).values_list(column, flat=True))
    return existing


class Mapping:
    """Loads and saves the ``ImportedItem`` rows of one source. A dry run saves none."""

    def __init__(self, source, *, dry_run):
        self._rows = ImportedItem.objects.filter(source=source)
        self._source = source
        self._dry_run = dry_run

    def load_all(self, kind):
        """Return {old id: (id here, checksum)} of all objects of a kind."""
        rows = self._rows.filter(kind=kind).values_list("old_id", "object_id", "checksum")
        return {old_id: (object_id, checksum) for old_id, object_id, checksum in rows.iterator()}

    def load_existing(self, kind, model):
        """Return what ``load_all`` does, with ``DELETED`` for objects whose row is gone."""
        known = self.load_all(kind)
        pks = set(model.objects.order_by().values_list("pk", flat=True)) if known else ()
        return {old_id: row if row[0] in pks else DELETED for old_id, row in known.items()}

    def load_some(self, kind, old_ids):
        """Return {old id: (id here, checksum)} for some old ids of a kind, as integers."""
        known = {}
        for batch in split_batches(map(str, old_ids)):
            rows = self._rows.filter(kind=kind, old_id__in=batch)
            for old_id, *value in rows.values_list("old_id", "object_id", "checksum"):
                known[int(old_id)] = tuple(value)
        return known

    def list_others(self, kind):
        """Return a queryset of the ``ImportedItem``s of a kind that came from other sources."""
        return ImportedItem.objects.filter(kind=kind).exclude(source=self._source)

    def save(self, kind, *entries):
        """Save entries (old id, id here, checksum), replacing earlier ones."""
        if self._dry_run or not entries:
            return
        rows = [(self._source, kind, str(old_id)[:200], *values) for old_id, *values in entries]
        with connection.cursor() as cursor:
            cursor.executemany(WRITE, rows)
