"""WordPress's own theme unit test, the final proof. It is not part of the project."""

import os
from pathlib import Path

import pytest
from django.conf import settings

from articles.models import Article, Redirect
from comments.models import Comment, Mention, Thread
from comments.verification import find_faults
from newsroom.wordpress.importer import Importer
from tests.shared import shared_rows

pytestmark = [pytest.mark.django_db, pytest.mark.once]

PLACES = (
    os.environ.get("WXR_THEME_UNIT_TEST", ""),
    settings.BASE_DIR.parent / "shared" / "data" / "theme-unit-test.xml",
)


@pytest.fixture(scope="module")
def imported(django_db_setup, django_db_blocker):
    """Import the file once; yields (path, report)."""
    path = next((Path(place) for place in PLACES if place and Path(place).is_file()), None)
    if path is None:
        pytest.skip(
            "WordPress's theme unit test is not here: set WXR_THEME_UNIT_TEST to where it is."
        )
    with shared_rows(django_db_blocker):
        yield path, Importer(path).run()


def test_it_imports_with_the_counts_that_are_known(imported):
    _path, report = imported
    assert {kind: report.outcomes[kind].total() for kind in ("post", "page", "media")} == {
        "post": 58,
        "page": 21,
        "media": 37,
    }
    assert report.outcomes["comment"].total() + report.outcomes["mention"].total() == 33
    assert report.states["post"] == {"publish": 56, "future": 1, "draft": 1}
    assert report.states["comment"]["held"] == 3
    posts = Article.objects.filter(kind=Article.Kind.ARTICLE)
    assert posts.count() == 58
    # 55 are public, one is scheduled; the one with a password became a draft.
    assert posts.published().count() == 55
    assert posts.filter(status=Article.Status.PUBLISHED).count() == 56
    assert Article.objects.filter(kind=Article.Kind.PAGE).published().count() == 21
    assert (Comment.objects.count(), Comment.objects.held().count()) == (29, 3)
    assert Mention.objects.count() == 4


def test_a_second_import_changes_nothing(imported):
    path, _report = imported
    assert Importer(path).run().changed_nothing


def test_the_threads_are_sound_and_ten_levels_deep(imported):
    assert [find_faults(thread) for thread in Thread.objects.all() if find_faults(thread)] == []
    assert max(Comment.objects.values_list("level", flat=True)) == 9


def test_every_article_has_its_page_and_every_old_address_leads_there(imported, client):
    for article in Article.objects.published():
        assert client.get(article.get_absolute_url()).status_code == 200, article
    for redirect in Redirect.objects.filter(article__in=Article.objects.published()):
        path, mark, query = redirect.path.partition("?")
        response = client.get(f"{path}?{query}" if mark else f"{path}/")
        assert (response.status_code == 301) or path.startswith("/articles/"), redirect
