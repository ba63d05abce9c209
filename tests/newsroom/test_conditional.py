"""Conditional requests: a page is sent again only after a change."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from articles.models import Article, ReadCount
from newsroom.ranking_renewal import renew_all_rankings
from tests import factories, staff
from tests.comments.conftest import Browser
from tests.pictures import in_library

pytestmark = [pytest.mark.django_db, pytest.mark.once]

PAGES = ("/", "/articles/ship/", "/categories/news/", "/tags/sea/")


@pytest.fixture
def article():
    made = factories.article(
        slug="ship", title="修理船", category=factories.category("国内", slug="news")
    )
    made.tags.add("sea")
    return made


def known(client, address):
    """Return what a browser that has seen a page sends with its next request."""
    answer = client.get(address)
    assert answer.status_code == 200
    return {"if-none-match": answer["ETag"]}


def status(client, address, headers):
    return client.get(address, headers=headers).status_code


@pytest.mark.parametrize("address", PAGES)
def test_an_unchanged_page_is_not_sent_again(client, article, address):
    factories.comment(article)
    headers = known(client, address)
    answer = client.get(address, headers=headers)
    assert (answer.status_code, answer.content) == (304, b"")
    assert status(Browser(), address, headers | {"accept-encoding": "gzip"}) == 304


def vote(article):
    comment = article.thread.comments.get()
    assert Browser().vote(comment, 1).status_code == 303


def schedule(article):
    Article.objects.filter(title="予定").update(published_at=timezone.now())


def read_much(article):
    ReadCount.objects.create(article=article, hour=timezone.now(), slots="0001")
    renew_all_rankings()  # as the server does every few minutes
    cache.clear()  # and a page shows an order for some minutes


def rename_section(article):
    article.category.name = "内政"
    article.category.save()


CHANGES = {
    "a comment": (lambda article: factories.comment(article), ["/", "/articles/ship/"]),
    "a vote": (vote, ["/articles/ship/"]),
    "another article": (lambda article: factories.article(), ["/"]),
    "an article that falls due": (schedule, ["/"]),
    "a reading": (read_much, ["/", "/articles/ship/", "/categories/news/"]),
    "a section's name": (rename_section, PAGES),
}


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_a_page_shows_makes_it_new(client, article, change):
    factories.comment(article)
    factories.article(title="予定", published_at=timezone.now() + timedelta(hours=1))
    act, addresses = CHANGES[change]
    headers = {address: known(client, address) for address in addresses}
    act(article)
    for address in addresses:
        assert status(client, address, headers[address]) == 200, address


def test_a_correction_in_the_library_makes_the_article_new(client, article):
    file = in_library(image_alt_text="船", copyright="港湾局")
    article.lead_image = file
    article.save()
    headers = known(client, "/articles/ship/")
    file.caption = "岸壁の船。"
    file.save()
    assert status(client, "/articles/ship/", headers) == 200


def test_a_withdrawal_reaches_readers_who_know_the_page(client, article):
    headers = known(client, "/articles/ship/")
    article.withdraw(note="誤り。")
    assert status(client, "/articles/ship/", headers) == 410


def test_personal_and_missing_pages_have_no_etag(client, article):
    editor = staff.browser_of(staff.editor())
    for browser, address in (
        (client, "/me/"),
        (client, "/nothing/"),
        (client, f"/threads/{article.pk}/mine/"),
        (editor, "/admin/"),
        (editor, f"/admin/articles/article/{article.pk}/preview/"),
    ):
        answer = browser.get(address)
        assert "no-store" in answer["Cache-Control"], address
        assert not answer.has_header("ETag"), address
