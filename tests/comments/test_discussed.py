"""The most discussed articles: of a day and a week, by writers and networks, of a section."""

from datetime import timedelta

import pytest
from django.utils import timezone

from comments.models import Comment
from newsroom.ranking_renewal import renew_all_rankings
from tests import factories
from tests.comments.conftest import Browser
from tests.reading import parts, read, texts

pytestmark = pytest.mark.django_db


def discuss(article, *, writers, name="", network=None, hours_ago=0, times=1):
    """Let several readers write, each from a network of their own unless it is given."""
    for number in range(writers):
        for turn in range(times):
            factories.comment(
                article,
                text=f"意見 {name} {number} {turn}",
                reader=factories.reader(f"{name} {number}", network=network),
                posted_at=timezone.now() - timedelta(hours=hours_ago),
            )


def ranked(client, address="/articles/"):
    """The titles of each period on a page."""
    renew_all_rankings()
    tabs = parts(read(client, address), "most-discussed", "tabbed__part")
    return [texts(tab, "rank__title") for tab in tabs]


@pytest.fixture
def quiet():
    return factories.article(title="静かな記事")


@pytest.fixture
def loud():
    return factories.article(title="にぎやかな記事")


def test_a_day_and_a_week_are_ranked_apart(client, quiet, loud):
    discuss(quiet, writers=2)
    discuss(loud, writers=5, hours_ago=60)
    discuss(factories.article(title="先月の記事"), writers=9, hours_ago=24 * 8)
    assert ranked(client) == [["静かな記事"], ["にぎやかな記事", "静かな記事"]]


def test_writers_count_and_not_their_comments(client, quiet, loud):
    discuss(quiet, writers=1, times=12)
    discuss(loud, writers=3)
    assert ranked(client)[0] == ["にぎやかな記事", "静かな記事"]


def test_writers_of_one_network_add_up_like_a_logarithm(client, quiet, loud):
    discuss(quiet, writers=20, network="one phone")
    discuss(loud, writers=7)
    assert ranked(client)[0] == ["にぎやかな記事", "静かな記事"]


def test_writers_of_one_48_do_so_too(client, settings, quiet, loud):
    settings.COMMENT_LIMITS = False
    for number in range(20):
        browser = Browser(REMOTE_ADDR=f"2001:db8:1:{number:x}::1")
        assert browser.write(quiet, f"意見 {number}").status_code == 303
    discuss(loud, writers=7)
    assert ranked(client)[0] == ["にぎやかな記事", "静かな記事"]


def test_a_section_ranks_its_own_articles_and_those_below_it(client):
    news = factories.category("国内", slug="news")
    port = factories.category("港", slug="port", parent=news)
    sport = factories.category("スポーツ", slug="sport")
    for section, writers in ((news, 1), (port, 2), (sport, 3)):
        discuss(factories.article(title=section.name, category=section), writers=writers)
    assert ranked(client)[0] == ["スポーツ", "港", "国内"]
    assert ranked(client, "/categories/news/")[0] == ["港", "国内"]
    assert ranked(client, "/categories/port/")[0] == ["港"]


def test_only_published_comments_of_listed_articles_count(client, quiet, loud):
    discuss(quiet, writers=1)
    discuss(loud, writers=3)
    Comment.objects.filter(thread__article=loud).update(state=Comment.State.REMOVED)
    hidden = factories.article(title="取り下げる記事")
    discuss(hidden, writers=4)
    assert ranked(client)[0] == ["取り下げる記事", "静かな記事"]
    hidden.withdraw(note="誤り。")
    assert texts(read(client, "/articles/"), "most-discussed", "rank__title") == ["静かな記事"] * 2


def test_staff_and_imported_comments_are_each_of_their_own_writer(client, quiet, loud):
    discuss(quiet, writers=1)
    for number in range(3):
        factories.comment(loud, text=f"移行した意見 {number}")
    assert ranked(client)[0] == ["にぎやかな記事", "静かな記事"]
