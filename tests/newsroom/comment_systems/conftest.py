import pytest
from django.utils import translation

from articles.models import Redirect
from newsroom.comment_systems.disqus import DisqusImporter
from newsroom.comment_systems.remark42 import Remark42Importer
from tests import factories
from tests.newsroom.comment_systems import exports

LINK = "https://old.example/2020/01/harbour/"


@pytest.fixture(autouse=True)
def english():
    """The tests compare reports in English."""
    with translation.override("en"):
        yield


@pytest.fixture
def article(db):
    """An article with the address ``LINK`` on the old site."""
    article = factories.article(slug="port")
    Redirect.objects.remember("/2020/01/harbour/", article=article)
    return article


@pytest.fixture
def bring(tmp_path):
    """Import a Disqus export of these parts; returns the report."""

    def bring(*parts, **options):
        path = tmp_path / "export.xml"
        path.write_bytes(exports.disqus(*parts))
        return DisqusImporter(path, **options).run()

    return bring


@pytest.fixture
def bring_backup(tmp_path):
    """Import a Remark42 backup of these comments; returns the report."""

    def bring(*comments, posts=(), **options):
        path = tmp_path / "backup"
        path.write_bytes(exports.remark42(*comments, posts=posts))
        return Remark42Importer(path, **options).run()

    return bring
