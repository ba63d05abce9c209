"""Feeds of articles say where the comments are, and how many."""

import pytest
from lxml import etree

from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.once]

NAMES = {
    "atom": "http://www.w3.org/2005/Atom",
    "wfw": "http://wellformedweb.org/CommentAPI/",
    "slash": "http://purl.org/rss/1.0/modules/slash/",
    "thr": "http://purl.org/syndication/thread/1.0",
}


@pytest.fixture
def article():
    article = factories.article(slug="ship")
    factories.comment(article, text="一番の言葉")
    factories.comment(article, text="二番の言葉")
    return article


def load(client, path):
    return etree.fromstring(client.get(path).content)


def test_rss_names_the_thread_its_feed_and_its_count(client, article):
    (item,) = load(client, "/feed/").findall(".//item")
    assert item.findtext("comments") == "http://testserver/articles/ship/#comments"
    assert item.findtext("slash:comments", namespaces=NAMES) == "2"
    address = item.findtext("wfw:commentRss", namespaces=NAMES)
    feed = load(client, address.removeprefix("http://testserver"))
    assert feed.tag == "rss"
    assert len(feed.findall(".//item")) == 2


def test_atom_links_the_replies(client, article):
    feed = load(client, "/feed/atom/")
    (link,) = feed.findall("atom:entry/atom:link[@rel='replies']", NAMES)
    assert link.get(f"{{{NAMES['thr']}}}count") == "2"
    replies = load(client, link.get("href").removeprefix("http://testserver"))
    assert len(replies.findall("atom:entry", NAMES)) == 2
