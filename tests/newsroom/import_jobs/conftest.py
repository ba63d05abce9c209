import pytest

from newsroom.import_jobs.import_job import ImportJob
from newsroom.import_jobs.upload_store import draw_token, store_piece
from tests import factories, staff
from tests.newsroom.wordpress import wxr

ENDINGS = (".xml",)


@pytest.fixture(autouse=True)
def uploads(settings, tmp_path):
    settings.IMPORT_UPLOADS = tmp_path / "imports"
    settings.IMPORT_DIR = None
    return settings.IMPORT_UPLOADS


@pytest.fixture
def opened(settings, tmp_path):
    """The folder that the operator has opened, with an export; a secret lies beside it."""
    settings.IMPORT_DIR = tmp_path / "opened"
    (settings.IMPORT_DIR / "old").mkdir(parents=True)
    (settings.IMPORT_DIR / "old" / "export.xml").write_bytes(wxr.export(wxr.item(1)))
    (tmp_path / "secret.xml").write_bytes(b"secret")
    (settings.IMPORT_DIR / "link.xml").symlink_to(tmp_path / "secret.xml")
    return settings.IMPORT_DIR


@pytest.fixture
def boss():
    user = factories.user("boss", is_staff=True, is_superuser=True, display_name="社主")
    return staff.browser_of(user)


@pytest.fixture
def upload(boss):
    """Return a function that stores an export of some parts and creates its import."""

    def upload(*parts, data=None, **values):
        token = draw_token()
        store_piece(token, "export.xml", 0, [data or wxr.export(*parts)], ENDINGS)
        return ImportJob.objects.upload(
            boss.user,
            source="wordpress",
            files=["export.xml"],
            upload=token,
            language="ja",
            **values,
        )

    return upload
