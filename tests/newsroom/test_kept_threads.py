"""A comment or a vote renews the thread of a kept page; the article around it is not rendered."""

import json
import re
from datetime import timedelta

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import views
from articles.models import Article
from comments.kept_pages import render_page_trees
from comments.models import Comment, Measure
from comments.models.states import Mode, Reason, Verb
from comments.thread_pages import ThreadPage
from newsroom.page_cache import cached_page
from tests import factories, staff
from tests.comments.conftest import Browser
from tests.newsroom import test_kept_pages
from tests.newsroom.test_kept_pages import SHIP, read

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]

article, clock, reader = test_kept_pages.article, test_kept_pages.clock, test_kept_pages.reader


@pytest.fixture
def rendered(monkeypatch):
    """A list that gets an entry for each page that is rendered."""
    pages, make = [], views.render_article_page

    def note(request, article, template):
        pages.append(request.get_full_path())
        return make(request, article, template)

    monkeypatch.setattr(views, "render_article_page", note)
    return pages


def describe(page):
    """Return the article's node of the JSON-LD of a page."""
    scripts = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    return next(node for node in map(json.loads, scripts) if node["@type"] == "NewsArticle")


@pytest.mark.parametrize("query", ["", "?order=new", "?order=best"])
def test_the_thread_is_renewed_alone(article, reader, rendered, query):
    address = f"{SHIP}{query}"
    reader.get(address)
    rendered.clear()
    factories.comment(article, text="二番</script>")
    Browser().vote(Comment.objects.first(), 1)
    page = reader.get(address).content.decode()
    assert rendered == []
    assert page.count("二番&lt;/script&gt;") == 1
    node = describe(page)
    assert (node["commentCount"], len(node["comment"])) == (2, 2)
    assert node["headline"] == "修理船"
    caches["default"].clear()
    assert page == Client().get(address).content.decode()


def test_each_encoding_gets_the_renewed_thread(article, rendered):
    read(Client())
    factories.comment(article, text="二番")
    rendered.clear()
    pages = [Client().get(SHIP, headers={"Accept-Encoding": name}) for name in ("", "br", "gzip")]
    assert rendered == [] and len({page["ETag"] for page in pages}) == 1
    assert "二番" in pages[0].content.decode()


def test_the_article_is_rendered_when_it_changed_too(article, reader, rendered):
    read(reader)
    rendered.clear()
    factories.comment(article, text="二番")
    article.title = "新しい題"
    article.save()
    page = read(reader).content.decode()
    assert rendered == [SHIP] and "二番" in page and "新しい題" in page


def test_a_page_that_hides_an_empty_thread_is_rendered(article, reader, rendered):
    about = factories.article(slug="about", kind=Article.Kind.PAGE)
    comment = factories.comment(about, text="以前の感想")
    assert 'id="comments"' in reader.get("/articles/about/").content.decode()
    rendered.clear()
    comment.remove(by=staff.moderator(), reason=Reason.SPAM)
    assert 'id="comments"' not in reader.get("/articles/about/").content.decode()
    assert rendered == ["/articles/about/"]


def test_a_thread_that_cannot_be_renewed_lets_the_page_be_rendered(
    article, reader, rendered, monkeypatch
):
    read(reader)
    monkeypatch.setattr(cached_page, "render_parts", None)
    factories.comment(article, text="二番")
    rendered.clear()
    assert "二番" in read(reader).content.decode()
    assert rendered == [SHIP]


def test_it_is_rendered_again_a_month_after_its_rendering(article, clock, reader, rendered):
    read(reader)
    rendered.clear()
    for number in range(3):
        clock.append(86_400 * 9)
        factories.comment(article, text=f"意見{number}")
        read(reader)
    assert rendered == []
    clock.append(86_400 * 4)
    read(reader)
    assert rendered == [SHIP]


def test_a_measure_that_came_with_the_thread_ends_by_itself(article, clock, reader, rendered):
    read(reader)
    closed = {"by": staff.moderator(), "thread": article.thread, "value": Mode.CLOSED}
    Measure.take(Verb.MODE, until=timezone.now() + timedelta(hours=1), **closed)
    rendered.clear()
    assert 'id="write"' not in read(reader).content.decode() and rendered == []
    clock.append(3_600)
    read(reader)
    assert rendered == [SHIP]


def test_a_later_page_of_a_thread_is_rendered(article, reader, rendered, monkeypatch):
    """Its address, which the head names, depends on how many there are."""
    for module in ("comments.thread_pages", "newsroom.page_cache.page_addresses"):
        monkeypatch.setattr(f"{module}.ROOTS", 2)
    for number in range(3):
        factories.comment(article, text=f"意見{number}")
    second = f"{SHIP}?page=2"
    reader.get(second)
    rendered.clear()
    factories.comment(article, text="最後")
    assert "最後" in reader.get(f"{SHIP}?page=3").content.decode()
    assert f'{second}">' in reader.get(second).content.decode()
    assert second in rendered


def test_what_is_kept_of_a_thread_is_compressed(article):
    for number in range(9):
        factories.comment(article, text=f"意見{number}")
    page = ThreadPage(article.thread)
    html = str(render_page_trees(page))
    [packed] = [len(each) for each in caches["threads"]._cache.values()]
    assert packed < len(html.encode()) / 2
    again = ThreadPage(article.thread)
    with CaptureQueriesContext(connection) as captured:
        assert str(render_page_trees(again)) == html
    assert len(captured) <= 1 and again.kept == page.kept
