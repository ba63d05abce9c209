"""The page of an article is kept as long as its version lasts; only its gaps are filled again."""

import gc
import gzip
import pickle
from datetime import timedelta
from time import sleep, time
from unittest import mock

import brotli
import pytest
from django.core.cache import caches
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.utils import timezone

from articles import views
from articles.models import Article, ReadCount
from articles.web import gaps
from articles.web.gaps import render_gaps
from comments.erasing import erase_alone
from comments.models import Comment, Mention
from comments.models.states import Reason
from newsroom import edition, site_identity
from newsroom.edition import raise_edition
from newsroom.models import Edition
from newsroom.page_cache import cached_page
from newsroom.page_cache.page_addresses import find_page_address
from newsroom.page_cache.preloading import build_environ
from newsroom.ranking_renewal import renew_all_rankings
from tests import factories, staff
from tests.site_client import set_clock

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]

SHIP = "/articles/ship/"
VOYAGE = 'href="/articles/voyage/"'


@pytest.fixture
def clock(settings, monkeypatch):
    """Seconds that a test may add to the clock of the page cache."""
    settings.PAGE_CACHE_SECONDS = 5
    added = []
    set_clock(monkeypatch, lambda: time() + sum(added))
    return added


@pytest.fixture
def article(clock):
    news = factories.category("国内", slug="news")
    sport = factories.category("運動", slug="sport")
    article = factories.article(slug="ship", title="修理船", category=news, author=staff.editor())
    factories.article(slug="voyage", title="航海", category=news)
    factories.article(slug="match", title="試合", category=sport)
    factories.comment(article, text="一番")
    return article


@pytest.fixture
def reader():
    """Somebody whose browser keeps asking one process of the server."""
    return Client()


def other():
    return Article.objects.get(slug="voyage")


def read(browser, **headers):
    answer = browser.get(SHIP, headers=headers)
    assert answer.status_code == 200
    return answer


def render():
    """Return the page as it is without any cache."""
    caches["default"].clear()
    with override_settings(PAGE_CACHE_SECONDS=0):
        return read(Client()).content


@pytest.fixture
def no_rendering(monkeypatch):
    def forbid():
        monkeypatch.setattr(views, "render_article_page", None)

    return forbid


def test_a_page_whose_version_lasts_is_not_rendered_again(article, clock, reader, no_rendering):
    first = read(reader)
    no_rendering()
    for client in (reader, Client()):  # the process that rendered it, and another one
        for seconds in (6, 1_200, 86_400 * 9):
            clock.append(seconds)
            with CaptureQueriesContext(connection) as captured:
                again = read(client)
            assert len(captured) <= 11  # the version, five for lists, the counts, the rankings
            assert (again.content, again["ETag"]) == (first.content, first["ETag"])


def test_a_month_after_its_rendering_it_is_rendered_again(article, clock, reader):
    first = read(reader)
    Article.objects.filter(pk=article.pk).update(title="改題")  # and no new edition
    clock.append(6)
    assert read(reader).content == first.content
    clock.append(86_400 * 30)
    assert "改題" in read(reader).content.decode()


def test_figures_that_cannot_be_filled_in_leave_the_page(article, clock, reader, monkeypatch):
    first = read(reader)
    monkeypatch.setattr("comments.gap_fillers.count_comments", None)
    clock.append(6)
    assert read(reader).content == first.content


def test_a_busy_database_delays_the_edition(article, monkeypatch):
    number = Edition.objects.get().number
    outcomes = mock.Mock(side_effect=[OperationalError, OperationalError, raise_edition])
    monkeypatch.setattr(edition, "raise_edition", lambda **pages: outcomes()(**pages))
    article.save()
    assert Edition.objects.get().number == number + 1


def comment_elsewhere(article):
    factories.comment(other(), text="よそ")


def read_elsewhere(article):
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    ReadCount.objects.create(article=other(), hour=hour, slots="0001")


def forget_the_writers_of_the_day(article):
    Comment.objects.update(posted_at=timezone.now() - timedelta(days=2))


def test_a_page_in_use_is_shared_again(article, clock, reader):
    """So a process that never showed it can send it while the database is away."""
    read(reader)
    clock.append(6)
    read(reader)
    first = find_shared()
    for _ in range(20):
        clock.append(60)
        read(reader)
    assert find_shared().filled_at - first.filled_at >= 600


def find_shared():
    [page] = map(pickle.loads, caches["pages"]._cache.values())
    return page


def test_a_page_in_demand_is_compressed_well_once(article, clock, reader, monkeypatch):
    levels = []

    def compress(content, level):
        levels.append(level)
        return gzip.compress(content, level)

    monkeypatch.setitem(cached_page.COMPRESS, "gzip", compress)
    for _ in range(3):
        for _ in range(5):
            read(reader, **{"accept-encoding": "gzip"})
        clock.append(6)
    assert levels == [cached_page.FAST["gzip"], cached_page.WELL["gzip"]]


CHANGES = [comment_elsewhere, read_elsewhere, forget_the_writers_of_the_day]


@pytest.mark.parametrize("change", CHANGES)
def test_its_gaps_are_filled_again(article, clock, reader, no_rendering, change):
    first = read(reader)
    change(article)
    renew_all_rankings()
    caches["default"].clear()
    expected = render()
    no_rendering()
    clock.append(6)
    again = read(reader)
    assert again.content == expected != first.content
    assert again["ETag"] != first["ETag"]
    assert read(Client()).content == expected


def test_the_gaps_of_a_page_in_memory_are_no_objects_for_the_garbage_collector(article, reader):
    read(reader)
    key = find_page_address(build_environ(SHIP)).build_key(1)
    filling = caches["pages"].get(key).filling
    assert len(filling.unpack()) > 5
    assert [each for each in gc.get_referents(filling) if gc.is_tracked(each)] == [type(filling)]


def test_each_encoding_has_the_same_text_after_each_filling(article, clock, reader):
    for number in range(3):
        expected = render()
        for _ in range(4):  # those who come later get it compressed better
            assert read(reader).content == expected
            packed = read(reader, **{"accept-encoding": "gzip"})
            assert gzip.decompress(packed.content) == expected
            small = read(reader, **{"accept-encoding": "br"})
            assert brotli.decompress(small.content) == expected
            assert packed["ETag"] == small["ETag"]
        factories.comment(other(), text=f"よそ{number}")
        clock.append(6)


def publish_soon(article):
    soon = timezone.now() + timedelta(seconds=0.4)
    factories.article(slug="soon", title="まもなく", category=article.category, published_at=soon)


def expire_soon(article):
    Article.objects.filter(slug="voyage").update(expires_at=timezone.now() + timedelta(seconds=0.4))


@pytest.mark.parametrize("name", ["featured_until", "breaking_until"])
@pytest.mark.parametrize("path", ["/", "/articles/ship/"])
def test_what_is_featured_or_breaking_ends_by_itself(article, reader, clock, path, name):
    soon = timezone.now() + timedelta(seconds=0.4)
    voyage = Article.objects.filter(slug="voyage" if path == "/" else "ship")
    voyage.update(featured=True, **{name: soon})
    first = reader.get(path)
    sleep(0.5)
    clock.append(6 if path == "/" else 0)  # lists are kept for some seconds
    with override_settings(PAGE_CACHE_SECONDS=0):
        fresh = Client().get(path)
    assert reader.get(path).content == fresh.content
    is_shown = path == "/" or name == "breaking_until"
    assert (fresh.content != first.content) == is_shown


@pytest.mark.parametrize("change", [publish_soon, expire_soon])
def test_an_article_that_comes_or_goes_by_itself_changes_it(article, reader, change):
    change(article)
    first = read(reader)
    assert (VOYAGE in first.content.decode()) and "まもなく" not in first.content.decode()
    sleep(0.5)
    again = read(reader)
    assert again.content == render() != first.content


@pytest.mark.parametrize("change", [publish_soon, expire_soon])
def test_one_may_come_or_go_while_it_is_rendered(article, reader, monkeypatch, change):
    def render_slowly(*arguments):
        contents = render_gaps(*arguments)
        sleep(0.5)
        return contents

    render()  # compiles what is compiled once
    change(article)
    with monkeypatch.context() as patched:
        patched.setattr(gaps, "render_gaps", render_slowly)
        first = read(reader)
    assert (VOYAGE in first.content.decode()) and "まもなく" not in first.content.decode()
    again = read(reader)
    assert again.content == render() != first.content


@pytest.mark.parametrize("change", ["title", "comment"])
def test_a_new_version_is_rendered_after_a_long_time_too(article, clock, reader, change):
    read(reader)
    clock.append(3_600)
    read(reader)
    if change == "title":
        article.title = "新しい題名"
        article.save()
    else:
        factories.comment(article, text="二番")
    renew_all_rankings()
    caches["default"].clear()
    assert read(reader).content == render()


def test_the_gaps_of_a_page_that_nobody_caches_are_filled_too(article, settings):
    settings.PAGE_CACHE_SECONDS = 0
    factories.comment(other(), text="よそ")
    page = read(Client()).content.decode()
    assert "\ue010" not in page and 'class="row__count"' in page


def test_a_text_cannot_make_a_gap(article, reader):
    article.title = "\ue010comment-count:1\ue011"
    article.save()
    assert "comment-count:1" in read(reader).content.decode()


@pytest.fixture
def restart():
    """What a server does that starts with other settings."""
    yield site_identity._digest_settings.cache_clear
    site_identity._digest_settings.cache_clear()


def test_other_settings_have_other_pages(article, reader, settings, restart):
    read(reader)
    settings.SITE_NAME = "別の新聞"
    restart()
    assert "別の新聞" in read(Client()).content.decode()


def test_other_settings_have_other_headers(article, settings, restart):
    settings.SECURE_HSTS_SECONDS = 0
    assert "Strict-Transport-Security" not in Client().get(SHIP, secure=True)
    settings.SECURE_HSTS_SECONDS = 60
    restart()
    assert "max-age=60" in Client().get(SHIP, secure=True)["Strict-Transport-Security"]


def test_a_removed_comment_is_no_longer_held(article, reader):
    """Its state changes in the placeholder above its replies, though nobody sees its text."""
    comment = Comment.objects.get()
    factories.comment(article, text="返信", parent=comment)
    comment.hold(by=None, reason=Reason.CHECK)
    held = read(reader)
    act = comment.remove(by=staff.moderator(), reason=Reason.SPAM)
    removed = read(reader)
    assert removed.content == render() != held.content
    act.undo(by=act.moderator)
    assert read(reader).content == render() == held.content


def test_no_process_sends_what_repeats_an_erased_text(article, reader):
    secret = "山田太郎さんの口座の番号は七七三四一九〇です。"
    comment = factories.comment(article, text=secret)
    Mention.objects.create(article=article, title="他紙", excerpt=secret)
    comment.remove(by=staff.moderator(), reason=Reason.PRIVACY)
    assert secret in read(reader).content.decode()
    erase_alone(comment, reason=Reason.PRIVACY, note="東京地裁")
    assert secret not in read(reader).content.decode()
