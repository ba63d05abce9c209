"""The demo and a generated site come back whole from their archives."""

import json

import pytest
from django.core.management import call_command
from django.test import override_settings
from jsonschema import Draft202012Validator

from articles import search
from articles.models import Article, Category
from articles.search.analysis import Query
from comments import indexing
from comments.models import Comment, Thread
from newsroom.load_data import invention
from newsroom.load_data.filler import fill_site
from newsroom.ranking_renewal import renew_all_rankings
from newsroom.site_archive.archive_reading import import_site
from newsroom.site_archive.archive_writing import export_site
from tests.newsroom.site_archive.archived_site import read_archive, read_rows
from tests.shared import shared_rows

pytestmark = pytest.mark.slow


def load_demo():
    call_command("load_demo", verbosity=0)


def generate():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(invention, "OPENINGS", 300)
        patch.setattr(invention, "CLOSINGS", 300)
        fill_site(24, 1_500, pictures=1)


@pytest.fixture(scope="module", params=[load_demo, generate], ids=["demo", "generated"])
def archive(request, django_db_setup, django_db_blocker, tmp_path_factory):
    media = tmp_path_factory.mktemp("media")
    with override_settings(MEDIA_ROOT=media), shared_rows(django_db_blocker):
        request.param()
        renew_all_rankings()
        folder = tmp_path_factory.mktemp("archives") / "first"
        export_site(folder)
        yield folder


def list_pages():
    """Return addresses of every kind of page, those of the longest threads among them."""
    longest = Thread.objects.order_by("-published_count", "pk")[:5]
    articles = [thread.article for thread in longest] + list(Article.objects.listed()[:5])
    article = articles[0]
    return [
        "/",
        *(each.get_absolute_url() for each in articles),
        *(each.get_absolute_url() for each in Category.objects.all()[:3]),
        *(signature.path for signature in article.signatures),
        f"/search/?q={article.title[:4]}",
        f"/search/?q={article.thread.comments.published().first().text[:4]}&in=comments",
        "/feed/",
        "/sitemap.xml",
    ]


def find(word, kind):
    lots = search.find_matches(Query(word), kind)
    return [match[0] for lot, _is_cut in lots for match in lot]


@pytest.mark.usefixtures("db")
def test_a_site_comes_back_whole(archive, client, tmp_path):
    check_lines(archive)
    words = [comment.text[:4] for comment in Comment.objects.order_by("-pk")[:10]]
    found = [find(word, indexing.COMMENT) for word in words]
    pages = {path: client.get(path) for path in list_pages()}
    assert {page.status_code for page in pages.values()} == {200}
    import_site(archive, force=True)
    export_site(tmp_path / "again")
    assert read_archive(tmp_path / "again") == read_archive(archive)
    assert [find(word, indexing.COMMENT) for word in words] == found
    assert {path: client.get(path).content for path in pages} == {
        path: page.content for path, page in pages.items()
    }
    call_command("verify_comments")


def check_lines(archive):
    """Check that every line holds the schema of the archive."""
    schema = json.loads((archive / "schema.json").read_text())["$defs"]
    for path in (archive / "data").iterdir():
        validator = Draft202012Validator(schema[path.stem])
        for row in read_rows(archive, path.stem):
            validator.validate(row)
