import pytest
from django.utils import translation

from newsroom.wordpress.importer import Importer
from tests.newsroom.wordpress import wxr


@pytest.fixture(autouse=True)
def english():
    """The tests compare reports in English."""
    with translation.override("en"):
        yield


@pytest.fixture
def bring(tmp_path):
    """Import an export of these parts; returns the report."""

    def bring(*parts, **options):
        path = tmp_path / "export.xml"
        path.write_bytes(wxr.export(*parts))
        return Importer(path, **options).run()

    return bring
