"""Pinned and featured comments, and what pages say of measures, as long as it is true."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from comments.models import Measure, Thread
from comments.models.states import Verb
from comments.posting import post
from newsroom.models import Edition
from tests import factories
from tests.reading import parsed
from tests.site_client import set_clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def user(db):
    return factories.moderator()


@pytest.fixture(params=[5, 0], ids=["with page cache", "without"])
def caching(request, settings):
    settings.PAGE_CACHE_SECONDS = request.param


@pytest.fixture
def move_clock(monkeypatch):
    def move_clock(**period):
        now = timezone.now() + timedelta(**period)
        monkeypatch.setattr("django.utils.timezone.now", lambda: now)
        set_clock(monkeypatch, now.timestamp)

    return move_clock


def staff_comment(article, user, text="編集部より"):
    return post(article, text=text, staff=user)


def lifted(client, article):
    page = parsed(client.get(article.get_absolute_url()))
    return ["".join(each.itertext()).split()[0] for each in page.find_class("lifted")]


def take(kind, user, **fields):
    return Measure.take(kind, by=user, **fields)


def in_hours(hours):
    return timezone.now() + timedelta(hours=hours)


def test_one_staff_comment_is_pinned_and_comes_first(client, article, user, caching):
    first, second = staff_comment(article, user), staff_comment(article, user, "もう一つ")
    chosen = factories.comment(article, text="よい指摘です")
    assert lifted(client, article) == []
    take(Verb.PIN, user, comment=first)
    take(Verb.FEATURE, user, comment=chosen)
    newer = take(Verb.PIN, user, comment=second)
    assert [text[:2] for text in lifted(client, article)] == ["固定", "注目"]
    assert "もう一つ" in read_top(client, article)
    newer.undo(by=user)
    assert "編集部より" in read_top(client, article)
    assert "もう一つ" not in read_top(client, article)


def read_top(client, article):
    page = client.get(article.get_absolute_url()).content.decode()
    return page.split('id="comments"')[1].split("thread__list")[0]


def test_what_is_removed_is_lifted_no_longer_and_comes_back(client, article, user, caching):
    chosen = factories.comment(article)
    take(Verb.FEATURE, user, comment=chosen)
    assert len(lifted(client, article)) == 1
    removed = chosen.remove(by=user, reason="abuse")
    assert lifted(client, article) == []
    removed.undo(by=user)
    assert len(lifted(client, article)) == 1


def test_the_front_page_shows_what_the_editor_wants_there(client, article, user, settings):
    settings.PAGE_CACHE_SECONDS = 0
    chosen = factories.comment(article, text="港の暮らしが見えた")
    plain = take(Verb.FEATURE, user, comment=chosen)
    assert "港の暮らしが見えた" not in front(client)
    take(Verb.FEATURE, user, comment=chosen, value="front")
    assert "港の暮らしが見えた" in front(client)
    plain.undo(by=user)
    assert "港の暮らしが見えた" in front(client)
    chosen.hold(by=user)
    assert "港の暮らしが見えた" not in front(client)


@pytest.mark.django_db(transaction=True)
def test_featuring_raises_the_edition_of_the_site(article, user):
    comment = factories.comment(article)
    edition = read_edition()
    act = take(Verb.FEATURE, user, comment=comment, value="front")
    assert read_edition() > edition
    edition = read_edition()
    act.undo(by=user)
    assert read_edition() > edition
    edition = read_edition()
    comment.hold(by=user)
    take(Verb.LOCK, user, comment=comment)
    assert read_edition() == edition


def read_edition():
    return Edition.objects.values_list("number", flat=True).first() or 0


def front(client):
    page = parsed(client.get("/"))
    return " ".join(each.text_content() for each in page.find_class("voice__text"))


ACTS = [
    (Verb.PIN, {"comment": "staff"}),
    (Verb.FEATURE, {"comment": "reader", "value": "front"}),
    (Verb.LOCK, {"comment": "reader"}),
    (Verb.SLOW, {"comment": "reader", "value": "10"}),
    (Verb.MODE, {"thread": True, "value": "closed"}),
    (Verb.MODE, {"thread": True, "value": "held"}),
    (Verb.MODE, {"value": "first"}),
    (Verb.RAID, {"value": "held"}),
]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("kind", "fields"), ACTS)
def test_a_measure_is_said_until_it_ends(client, article, user, kind, fields, move_clock):
    """The page tells of it at once, no longer when it ends by itself, and after an undo it is
    what it was."""
    comments = {"staff": staff_comment(article, user), "reader": factories.comment(article)}
    place = dict(fields)
    if "comment" in place:
        place["comment"] = comments[place["comment"]]
    if "thread" in place:
        place["thread"] = Thread.objects.get(article=article)
    path = article.get_absolute_url()
    move_clock(seconds=0)
    before = client.get(path).content
    act = take(kind, user, until=in_hours(1), **place)
    during = client.get(path).content
    assert during != before
    act.undo(by=user)
    assert client.get(path).content == before
    take(kind, user, until=timezone.now() + timedelta(seconds=3), **place)
    assert client.get(path).content != before
    move_clock(seconds=2)
    assert client.get(path).content != before
    move_clock(seconds=2)
    assert client.get(path).content == before


def test_a_page_that_is_hot_or_stale_does_not_outlive_a_measure(client, article, user, move_clock):
    move_clock(seconds=0)
    path = article.get_absolute_url()
    take(Verb.RAID, user, value="held", until=timezone.now() + timedelta(seconds=2))
    first = client.get(path).content
    move_clock(seconds=3)
    assert client.get(path).content != first


def test_a_closed_thread_says_until_when_and_has_no_form(client, article, user):
    comment = factories.comment(article)
    take(Verb.MODE, user, thread=comment.thread, value="closed", until=in_hours(3))
    page = parsed(client.get(article.get_absolute_url()))
    assert not page.xpath("//*[@id='write']")
    assert not page.find_class("comment__reply")
    assert "受け付けていません" in page.text_content()


def test_a_locked_branch_says_so_and_has_no_reply(client, article, user):
    top, other = factories.comment(article), factories.comment(article)
    below = factories.comment(article, parent=top)
    take(Verb.LOCK, user, comment=top)
    page = parsed(client.get(article.get_absolute_url()))
    [link] = page.find_class("comment__reply")
    assert f"/{other.pk}/" in link.get("href")
    assert len(page.find_class("comment__notice")) == 1
    for comment in (top, below):
        assert "受け付けていません" in client.get(comment.get_absolute_url()).content.decode()
        assert client.get(f"{comment.get_absolute_url()}reply/").status_code == 409


def test_an_article_page_asks_twice_at_most(client, user, settings):
    settings.PAGE_CACHE_SECONDS = 0
    few, many = factories.article(), factories.article()
    factories.comment(few)
    for _number in range(5):
        top = factories.comment(many)
        for kind in (Verb.LOCK, Verb.FEATURE):
            take(kind, user, comment=top)
    counts = []
    for article in (few, many):
        client.get(article.get_absolute_url())
        with CaptureQueriesContext(connection) as queries:
            client.get(article.get_absolute_url())
        counts.append(len(queries))
    assert counts[1] == counts[0] + 1
