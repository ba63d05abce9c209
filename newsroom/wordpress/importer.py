"""Imports the exports of one or several sites: files in any order, packed or not."""

from collections import defaultdict
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from newsroom.importing.broken_export import BrokenExport
from newsroom.importing.import_report import ImportReport
from newsroom.importing.packing import unpack_exports
from newsroom.wordpress.shared import Shared
from newsroom.wordpress.site_import import SiteImport
from newsroom.wordpress.wxr.diagnosis import explain_nothing
from newsroom.wordpress.wxr.records import Site
from newsroom.wordpress.wxr.wxr_file import WxrFile

ENDINGS = (".xml", ".wxr", ".rss", ".txt")


@dataclass(frozen=True, slots=True)
class Options:
    """What a person who imports may choose.

    ``post_types`` says as what further types of items come, "article" or "page". ``taxonomies``
    says as what further taxonomies come, "tag", "category" or "series". ``sections`` names a
    category for all of a site, by a part of the site's address.
    """

    media_folder: Path | None = None
    download_media: bool = False
    private_hosts: tuple = ()
    site_hosts: tuple = ()
    votes_key: str = ""
    post_types: dict = field(default_factory=dict)
    taxonomies: dict = field(default_factory=dict)
    sections: dict = field(default_factory=dict)
    theirs: bool = False
    dry_run: bool = False

    def find_section(self, source):
        """Return the name of the section of a site, or an empty string."""
        return next((name for part, name in self.sections.items() if part in source), "")


class Importer:
    """Imports some files. ``progress`` is called repeatedly with (step, share that is done).

    A subclass imports sources that are no exports of WordPress: it replaces ``open_sources``.
    """

    steps = 2  # equal parts of the progress

    def __init__(self, *paths, progress=lambda step, share: None, **options):
        self.report = ImportReport()
        self._paths = paths
        self._options = Options(**options)
        self._progress = progress

    def run(self):
        """Import everything that can be read; returns the report.

        Raises ``BrokenExport`` for a file that is no export or ends too early. All whole items,
        also those of the other files, are imported then.
        """
        with self.open_sources() as sources:
            self.report.has_files = len(sources) > 1
            sites, broken = self._group_sources(sources)
            shared = Shared()
            for number, group in enumerate(sites.values()):
                follow = self._follow(number, sites)
                site = SiteImport(group, self.report, self._options, shared, follow)
                site.run()
                broken += site.broken
        if not broken and not any(count.total() for count in self.report.outcomes.values()):
            raise self.explain_nothing()
        if broken:
            raise broken[0] if len(sources) == 1 else BrokenFiles(broken)
        return self.report

    @contextmanager
    def open_sources(self):
        """Yield the sources, each with a name, a size and ``read``."""
        with unpack_exports(self._paths, ENDINGS) as files:
            yield [WxrFile(file.name, file.path) for file in files]

    def explain_nothing(self):
        """Return the error for sources that hold nothing."""
        return BrokenExport(1, explain_nothing())

    def _follow(self, number, sites):
        """Return the progress of one site as a part of all."""
        first = self.steps - SiteImport.steps  # what came before: an import reads its sources twice
        return lambda step, share: self._progress(first + step, (number + share) / len(sites))

    def _group_sources(self, sources):
        """Return the sources by their sites, and the errors of those that are no exports."""
        sites, broken = defaultdict(list), []
        for source in sources:
            try:
                sites[read_site(source).source].append(source)
            except BrokenExport as error:
                error.file = source.name
                broken.append(error)
        return sites, broken


class BrokenFiles(BrokenExport):
    """Several files of which some cannot be read, or not to their ends."""

    def __init__(self, errors):
        self.errors = errors
        Exception.__init__(self, "\n".join(f"{error.file}: {error}" for error in errors))


def read_site(source):
    """Return the ``Site`` that a source is of; raises ``BrokenExport`` for no export."""
    with closing(source.read(with_comments=False)) as records:
        for record, _done in records:
            if isinstance(record, Site):
                return record
    raise BrokenExport(1, explain_nothing())
