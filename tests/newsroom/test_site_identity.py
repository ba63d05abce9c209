"""What is cached belongs to one database: another one's texts are never shown."""

from concurrent.futures import ThreadPoolExecutor
from unittest import mock

import pytest
from django.core.cache import cache
from django.db import OperationalError
from django.test import Client

from articles.models import Article
from articles.web import editions
from comments.models import Comment
from newsroom import edition, site_identity
from newsroom.models import Edition
from newsroom.page_cache import page_versions
from tests import factories

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]

SHIP = "/articles/ship/"


@pytest.fixture(autouse=True)
def kept(settings):
    settings.PAGE_CACHE_SECONDS = 60


@pytest.fixture
def reader():
    """A client of a running process, which has cached an article with a comment."""
    factories.comment(factories.article(slug="ship", title="修理船"), text="一番")
    reader = Client()
    assert "一番" in read(reader)
    return reader


def read(reader):
    return reader.get(SHIP).content.decode()


def become_another_database():
    """Change all texts where the site does not see it, under the same versions."""
    Article.objects.update(title="別の船")
    Comment.objects.update(text="二番", html="<p>二番</p>")


def test_a_running_process_shows_nothing_of_the_database_before(reader):
    become_another_database()
    assert "一番" in read(reader)
    edition.renew_identity()
    page = read(reader)
    assert ("二番" in page, "一番" in page) == (True, False)
    assert ("別の船" in page, "修理船" in page) == (True, False)


def test_an_outage_shows_nothing_of_the_database_before(reader):
    edition.renew_identity()
    assert Client().get("/search/").status_code == 200  # the process learns of it
    with mock.patch.object(page_versions, "_read", side_effect=OperationalError):
        answer = reader.get(SHIP)
    assert "Cache-Status" not in answer


def test_what_is_not_cached_as_a_page_learns_of_it_too(reader):
    cache.set("text", "of the database before")
    edition.renew_identity()
    assert Client().get("/search/").status_code == 200
    assert cache.get("text") is None


def test_two_databases_share_one_cache(reader):
    one = Edition.objects.get().number
    cache.set("text", "one")
    site_identity.note_edition(site_identity.draw_edition())
    assert cache.get("text") is None
    cache.set("text", "another")
    site_identity.note_edition(one + 1)  # a later edition of the first database
    assert cache.get("text") == "one"


def test_a_new_database_has_an_identity_and_its_editions_keep_it():
    factories.article()
    first = Edition.objects.get().number
    edition.raise_edition()
    second = Edition.objects.get().number
    assert second == first + 1
    assert site_identity.read_identity(first) == site_identity.read_identity(second) != 0


def test_a_process_without_a_page_reads_the_identity_once(django_assert_num_queries, reader):
    site_identity._known.clear()
    with django_assert_num_queries(1):
        cache.get("text")
        cache.get("another")
    assert site_identity.identify_database() == site_identity.read_identity(
        Edition.objects.get().number
    )


def test_each_thread_knows_the_edition_of_its_own_request():
    """Else a slow thread could let another one take an old footer for its new page."""
    editions.note_edition(6)
    with ThreadPoolExecutor() as pool:
        pool.submit(editions.note_edition, 5).result()
    assert editions.build_edition_key("footer") == "footer:6"


def test_a_remembered_version_is_that_of_its_edition(settings, reader):
    settings.PAGE_VERSION_SECONDS = 60
    versions = page_versions.PageVersions()
    versions.read("ship", may_be_late=True)
    first = editions.build_edition_key("footer")
    edition.raise_edition()
    versions.read("", may_be_late=True)
    assert editions.build_edition_key("footer") != first
    versions.read("ship", may_be_late=True)
    assert editions.build_edition_key("footer") == first
