"""A small site and its archives."""

import shutil

import pytest
from django.test import override_settings

from newsroom.site_archive.archive_writing import export_site
from tests.newsroom.site_archive.archived_site import build_site
from tests.shared import shared_rows


@pytest.fixture(scope="module")
def media_root(tmp_path_factory):
    with override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media")):
        yield


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker, media_root):
    with shared_rows(django_db_blocker):
        yield build_site()


@pytest.fixture(scope="module")
def archive(site, django_db_blocker, tmp_path_factory):
    with django_db_blocker.unblock():
        folder = tmp_path_factory.mktemp("archives") / "plain"
        export_site(folder)
        export_site(folder.with_name("keyed"), with_keys=True)
    return folder


@pytest.fixture
def copy(archive, tmp_path):
    """An archive to spoil."""
    return shutil.copytree(archive, tmp_path / "copy")
