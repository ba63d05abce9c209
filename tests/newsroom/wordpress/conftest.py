import pytest
from django.utils import translation

from newsroom.wordpress.importer import Importer
from tests.newsroom.wordpress import wxr


@pytest.fixture(autouse=True)
def english():
    """The tests of the import look at what it says; they read English."""
    with translation.override("en"):
        yield


@pytest.fixture
def bring(tmp_path):
    """Import an export made of parts; returns the tally."""

    def bring(*parts, **options):
        path = tmp_path / "export.xml"
        path.write_bytes(wxr.export(*parts))
        return Importer(path, **options).run()

    return bring
