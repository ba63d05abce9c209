"""Imports an export of Ghost by the code that imports WordPress."""

from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from django.utils.translation import gettext as _

from newsroom.ghost.ghost_file import EXPORT, read_tables
from newsroom.ghost.ghost_records import Address, GhostRecords
from newsroom.importing.broken_export import BrokenExport
from newsroom.wordpress.importer import Importer


@dataclass
class GhostSource:
    """A file as a source of records, which are all in memory."""

    path: Path
    address: Address
    tag_as_category: bool

    @property
    def name(self):
        return self.path.name

    @property
    def size(self):
        return self.path.stat().st_size

    @cached_property
    def _records(self):
        tables = read_tables(self.path)
        records = GhostRecords(tables, self.address, tag_as_category=self.tag_as_category)
        return records.list_all()

    def read(self, *, with_comments):
        """Yield each record with the share of ``size`` that is read then. There are no comments."""
        records = self._records
        for number, record in enumerate(records, 1):
            yield record, self.size * number / len(records)


class GhostImporter(Importer):
    """Imports some files of one site. ``site`` is its address, which an export does not hold."""

    def __init__(self, *paths, site, permalink="/{slug}/", tag_as_category=False, **options):
        super().__init__(*paths, **options)
        address = Address(site.rstrip("/"), permalink)
        self._sources = [GhostSource(Path(path), address, tag_as_category) for path in paths]

    @contextmanager
    def open_sources(self):
        """Yield the files."""
        yield self._sources

    def explain_nothing(self):
        return BrokenExport(0, f"{_('the export holds no item.')} {EXPORT}")
