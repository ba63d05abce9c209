"""Imports an export of Ghost by the code that imports WordPress."""

from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from newsroom.ghost.ghost_file import EXPORT, read_tables
from newsroom.ghost.ghost_records import Address, GhostRecords
from newsroom.importing.broken_export import BrokenExport
from newsroom.importing.packing import ExportFile, unpack_exports
from newsroom.wordpress.importer import Importer

POSTS = b'"posts"'


@dataclass
class GhostSource:
    """A file as a source of records, which are all in memory."""

    file: ExportFile
    address: Address
    tag_as_category: bool

    @property
    def name(self):
        return self.file.name

    @property
    def size(self):
        return self.file.size

    @property
    def may_be_export(self):
        """Whether a file is more than a further one in an archive, such as redirects.json."""
        return "/" not in self.name or POSTS in self.file.path.read_bytes()

    @cached_property
    def _records(self):
        tables = read_tables(self.file.path)
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
        self._address = Address(site.rstrip("/"), permalink)
        self._tag_as_category = tag_as_category

    @contextmanager
    def open_sources(self):
        """Yield the files, unpacked."""
        with unpack_exports(self._paths, (".json",)) as files:
            sources = [GhostSource(file, self._address, self._tag_as_category) for file in files]
            yield [source for source in sources if source.may_be_export] or sources

    def explain_nothing(self):
        return BrokenExport(0, f"{_('the export holds no item.')} {EXPORT}")
