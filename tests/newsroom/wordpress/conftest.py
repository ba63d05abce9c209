import pytest
from django.utils import translation

from newsroom.wordpress.importer import Importer
from newsroom.wordpress.rest import rest_client
from tests.newsroom.wordpress import rest_site, wxr


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


@pytest.fixture
def site(settings, tmp_path, monkeypatch):
    """A site with nothing on it; no failure waits."""
    settings.VAR_DIR = tmp_path
    monkeypatch.setattr(rest_client, "PAUSE", 0)
    with rest_site.serve(
        rest_site.Site(), {"/wp-content/uploads/sea.jpg": rest_site.picture()}
    ) as site:
        yield site
