"""Imports a running WordPress site."""

from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from django.utils.translation import gettext as _

from newsroom.importing.broken_export import BrokenExport
from newsroom.wordpress.importer import Importer
from newsroom.wordpress.rest.fetch_store import open_store
from newsroom.wordpress.rest.known_authors import KnownAuthors
from newsroom.wordpress.rest.rest_client import RestClient, RestRefused
from newsroom.wordpress.rest.rest_records import RestRecords
from newsroom.wordpress.rest.site_fetcher import SiteFetcher


@dataclass(frozen=True)
class RestSource:
    """A site as a source of records."""

    name: str
    records: RestRecords

    @property
    def size(self):
        return self.records.size

    def read(self, *, with_comments):
        """Yield each record with the share of ``size`` that is read then."""
        return self.records.read(with_comments=with_comments)


class RestImporter(Importer):
    """Imports the site at an address: first it fetches everything, then it imports.

    With a login, which an application password opens, it takes what editors see: drafts, the texts
    as they were written, all comments. Without, it takes what readers see.
    """

    steps = 3

    def __init__(self, address, *, login="", password="", **options):
        super().__init__(address, **options)
        self._login = login
        self._client = RestClient(
            address, login=login, password=password, private_hosts=self._options.private_hosts
        )

    @contextmanager
    def open_sources(self):
        """Fetch the site; yields it as the only source."""
        (address,) = self._paths
        with open_store(address, self._login) as store:
            progress = partial(self._progress, 1)
            fetcher = SiteFetcher(self._client, store, self._options, progress)
            try:
                home, plan = fetcher.fetch_all()
            except RestRefused as error:
                if not store.is_empty():
                    text = _("%s What was fetched is kept: the next run continues from there.")
                    raise BrokenExport(0, text % f"{str(error).rstrip('.')}.") from error
                raise
            # Whatever ends the import from here on, the next one needs to fetch nothing again.
            yield [
                RestSource(
                    address,
                    RestRecords(store, home or address, plan, KnownAuthors(home or address)),
                )
            ]

    def explain_nothing(self):
        text = _("the site shows no post. Name a user and an application password with --user.")
        return BrokenExport(0, text)
