"""What the page of an article depends on: after a change it is right at once, and only the pages
that show the change as a part of their own are rendered again."""

import re
from contextlib import contextmanager
from datetime import timedelta
from time import time

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.utils import timezone
from taggit.models import Tag

from articles import views
from articles.models import (
    Article,
    NetworkKey,
    Ranking,
    ReadCount,
    RelatedArticle,
)
from comments.models import Comment, Measure, Mention, Reference
from newsroom import edition
from newsroom.page_cache import cached_page
from newsroom.page_cache.page_versions import PageVersions
from tests import factories, staff
from tests.articles.admin_forms import form_of, see_preview
from tests.newsroom.page_changes import (
    NOTHING,
    OF_ALL,
    OF_OTHERS,
    OF_THREAD,
    OWN,
    SHIP,
    of,
    prepare,
)
from tests.pictures import stored_once
from tests.site_client import set_clock

pytestmark = pytest.mark.django_db(transaction=True)

VOYAGE = "/articles/voyage/"


@pytest.fixture(autouse=True)
def clock(settings, monkeypatch):
    """Seconds that a test may add to the clock of the page cache."""
    settings.PAGE_CACHE_SECONDS = 5
    added = []
    set_clock(monkeypatch, lambda: time() + sum(added))
    return added


@pytest.fixture
def site(clock):
    """Two articles in two categories, with all that a page can show."""
    home, sport = factories.category("国内", slug="news"), factories.category("運動", slug="sport")
    picture = stored_once()
    shared = {"author": staff.editor(), "lead_image": picture}
    ship = factories.article(slug="ship", title="修理船", category=home, **shared)
    voyage = factories.article(slug="voyage", title="航海", category=sport, author=ship.author)
    for article in (ship, voyage):
        article.tags.add("海", "港")
        article.sources.create(title="白書")
        Mention.objects.create(article=article, url="https://a.example/", title="よその話")
        factories.comment(article, text="一番")
    file = stored_once()
    for number in range(3):
        body = f'<p>本文。</p><figure><img data-file="{file.pk}"></figure>'
        factories.article(slug=f"other-{number}", category=home, body=body)
    RelatedArticle.objects.create(article=ship, related=factories.article(slug="chosen"))
    factories.article(slug="about", title="本紙について", kind=Article.Kind.PAGE)
    return ship


def read(browser, path):
    answer = browser.get(path)
    assert answer.status_code in {200, 410}
    return answer.content


def render(path):
    """Return a page as it is without any cache."""
    with override_settings(PAGE_CACHE_SECONDS=0):
        return read(Client(), path)


@pytest.fixture
def rendered(monkeypatch):
    """The slugs of the articles whose pages the site renders for the page cache."""
    slugs, make = [], views.render_article_page

    def render_article_page(request, article, template):
        from django.conf import settings

        if settings.PAGE_CACHE_SECONDS:
            slugs.append(article.slug)
        return make(request, article, template)

    monkeypatch.setattr(views, "render_article_page", render_article_page)
    return slugs


OFTEN = {  # one case of each way in which a change reaches a page; the others are slow
    *("the title", "one field", "an old copy", "a revision", "a tag", "a source", "a byline"),
    *("the picture's caption", "a comment", "a vote", "a closed thread", "a new article"),
    *("an article withdrawn", "a new title", "a shared tag", "a chosen article"),
    "a part of its series",
    *("an article that expires", "a picture in a list", "a category's name", "a tag's name"),
    *(
        "an author's name",
        "a guest's name",
        "a series' title",
        "a mode of the site",
        "a change without a signal",
    ),
    *("a draft", "an upload", "a held comment"),
}
CASES = [
    pytest.param(name, act, expected, id=name, marks=[] if name in OFTEN else pytest.mark.slow)
    for changes, expected in (
        (OWN, {"ship"}),
        (OF_THREAD, set()),
        (OF_OTHERS, set()),
        (OF_ALL, {"ship", "voyage"}),
        (NOTHING, set()),
    )
    for name, act in changes.items()
]
STATES = ("absent", "kept", "of an older edition")
BETWEEN = {"the title": "absent", "a new title": "kept", "a category's name": STATES[2]}
RACES = [
    pytest.param(name, state, marks=[] if BETWEEN.get(name) == state else pytest.mark.slow)
    for name in (*BETWEEN, "a comment")
    for state in STATES
]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "act", "expected"), CASES)
def test_a_change_shows_at_once_and_renders_no_other_page(
    site, rendered, clock, name, act, expected
):
    prepare(name)
    reader, before = Client(), {}
    for path in (SHIP, VOYAGE):
        before[path] = read(reader, path)
    act(site)
    caches["default"].clear()  # the rankings are computed every few minutes
    rendered.clear()
    page = read(reader, SHIP)
    assert page == render(SHIP) == read(Client(), SHIP)  # a client is a process
    assert (page != before[SHIP]) is (name not in NOTHING)
    clock.append(6)  # the counts of other threads are some seconds old
    assert read(reader, VOYAGE) == render(VOYAGE) == read(Client(), VOYAGE)
    assert set(rendered) == expected


@pytest.mark.once
def test_the_cases_of_the_ordinary_run_exist():
    assert {case.id for case in CASES} >= OFTEN


@pytest.mark.parametrize(("name", "state"), RACES)
def test_a_change_may_come_between_the_version_and_the_page(site, monkeypatch, name, state):
    """What is read then is newer than its version; the next reader still gets all of it."""
    reader, act = Client(), (OWN | OF_THREAD | OF_OTHERS | OF_ALL)[name]
    if state != "absent":
        read(reader, SHIP)
    if state == "of an older edition":
        factories.article(title="号外")
    versions, pending = PageVersions.read, [act]

    def read_version(*arguments, **options):
        version = versions(*arguments, **options)
        if pending:
            pending.pop()(site)
        return version

    monkeypatch.setattr(PageVersions, "read", read_version)
    read(reader, SHIP)
    caches["default"].clear()
    assert read(reader, SHIP) == render(SHIP)
    assert read(Client(), SHIP) == render(SHIP)


@contextmanager
def failing(monkeypatch):
    def fail(*arguments):
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr(cached_page, "render_gaps", fail)
        yield


def test_lists_that_cannot_be_filled_let_the_page_be_rendered(site, rendered, monkeypatch):
    reader = Client()
    assert "航海" in read(reader, SHIP).decode()
    of("voyage").withdraw(note="誤り。")
    with failing(monkeypatch):
        assert VOYAGE not in read(reader, SHIP).decode()
    assert rendered == ["ship", "ship"]


def test_what_a_preview_reads_is_shared_with_no_page(site):
    """It shows what is not saved."""
    editor, other = staff.browser_of(staff.editor("other")), of("other-1")
    factories.article(title="号外")  # a new edition, of which nothing is shared yet
    moment = timezone.localtime() - timedelta(minutes=5)
    at = {"published_at_0": f"{moment:%Y-%m-%d}", "published_at_1": f"{moment:%H:%M:%S}"}
    form = form_of(other, title="まだ保存しない題", **at)
    assert "まだ保存しない題" in see_preview(editor, other, form).content.decode()
    assert "まだ保存しない題" not in read(Client(), SHIP).decode()
    assert read(Client(), SHIP) == render(SHIP)


BY_THREAD = {Comment, Measure, Reference}  # their changes raise the version of the thread
FIGURES = {ReadCount, NetworkKey, Ranking, Article.other_categories.through}  # of the rankings
FIXED = {ContentType}


def test_each_table_that_a_page_reads_has_its_place(site, settings):
    """A new model on the page must be watched by ``newsroom.edition``, or raise the version of the
    thread; then it belongs into one of these lists, and its change into one above."""
    settings.PAGE_CACHE_SECONDS = 0
    caches["default"].clear()
    with CaptureQueriesContext(connection) as captured:
        read(Client(), SHIP)
    names = set(re.findall(r'(?:FROM|JOIN) "(\w+)"', " ".join(each["sql"] for each in captured)))
    tables = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}
    shown = {tables[name] for name in names if name in tables}
    assert shown >= {Article, Tag, Comment, Mention, RelatedArticle}
    assert shown - edition.MODELS - BY_THREAD - FIGURES - FIXED == set()
