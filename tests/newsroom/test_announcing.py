"""New and changed articles are announced: to a hub of WebSub, to search engines by IndexNow."""

import json
from datetime import timedelta
from http.client import BadStatusLine
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from urllib.parse import parse_qs

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from lxml import etree

from articles.models import Article
from newsroom import announcing
from newsroom.announcing import announce_articles
from newsroom.models import Announcement
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.once]

KEY = "a-key-of-this-site"


class Listener(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.received.append((self.path, self.headers["Content-Type"], body))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *arguments):
        pass


@pytest.fixture
def others(settings, monkeypatch):
    """A server that listens as the hub and as IndexNow."""
    server = HTTPServer(("127.0.0.1", 0), Listener)
    server.received, server.status = [], 202
    thread = Thread(target=server.serve_forever, args=[0.01])
    thread.start()
    base = f"http://127.0.0.1:{server.server_port}"
    settings.WEBSUB_HUB, settings.INDEXNOW_KEY = f"{base}/hub", KEY
    monkeypatch.setattr(announcing, "INDEXNOW", f"{base}/indexnow")
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def publish(**fields):
    news = factories.category("国内", slug="news")
    article = factories.article(slug="ship", category=news, **fields)
    article.tags.add("sea")
    return article


def begin(ago=timedelta(minutes=5)):
    """Let all channels have announced what came before."""
    announce_articles(now=timezone.now() - ago)


def test_the_first_run_only_begins(others):
    publish()
    assert announce_articles() == {"websub": 0, "indexnow": 0}
    assert others.received == []


def test_a_new_article_is_told_to_both(others):
    begin()
    publish()
    factories.article(slug="draft", status="draft", published_at=None)
    call_command("announce_articles", verbosity=0)
    (hub_path, _type, form), (_path, kind, message) = others.received
    assert hub_path == "/hub"
    fields = parse_qs(form)
    assert fields["hub.mode"] == ["publish"]
    assert {"http://testserver/feed/", "http://testserver/categories/news/feed/atom/"} <= set(
        fields["hub.url"]
    )
    assert "http://testserver/tags/sea/feed/" in fields["hub.url"]
    assert kind.startswith("application/json")
    assert json.loads(message) == {
        "host": "testserver",
        "key": KEY,
        "keyLocation": f"http://testserver/{KEY}.txt",
        "urlList": ["http://testserver/articles/ship/"],
    }


def test_of_many_articles_none_is_left_out(others, monkeypatch):
    monkeypatch.setattr(announcing, "BATCH", 1)
    begin()
    publish()
    factories.article(slug="second")
    assert announce_articles()["indexnow"] == 2


def test_it_is_told_once_and_again_when_it_changes(others):
    article = publish()
    Article.history.update(history_date=timezone.now() - timedelta(hours=1))
    begin()
    announce_articles()
    assert others.received == []
    article.withdraw(note="取り下げ。")
    announce_articles()
    assert len(others.received) == 2


def test_a_scheduled_article_is_told_when_it_falls_due(others):
    publish(published_at=timezone.now() - timedelta(minutes=2))
    Article.history.update(history_date=timezone.now() - timedelta(hours=9))
    begin()
    announce_articles()
    assert len(others.received) == 2


def test_what_fails_is_told_by_the_next_run(others):
    begin()
    publish()
    others.status = 500
    before = set(Announcement.objects.values_list("upto", flat=True))
    with pytest.raises(CommandError, match="websub.*500.*indexnow.*500"):
        call_command("announce_articles", verbosity=0)
    assert set(Announcement.objects.values_list("upto", flat=True)) == before
    others.status = 202
    assert announce_articles()["indexnow"] == 1


def test_a_hub_that_speaks_no_http_stops_no_other(others, monkeypatch):
    begin()
    publish()
    monkeypatch.setitem(announcing.CHANNELS, "websub", lambda articles: _raise(BadStatusLine("x")))
    with pytest.raises(CommandError, match="websub"):
        call_command("announce_articles", verbosity=0)
    assert len(others.received) == 1


def _raise(error):
    raise error


def test_without_settings_nobody_is_told():
    publish()
    assert announce_articles() == {}


def test_feeds_name_the_hub_and_the_key_is_shown(client, settings):
    publish()
    for path in ("/feed/", "/feed/atom/"):
        links = "//*[local-name()='link'][@rel='hub']/@href"
        assert etree.fromstring(client.get(path).content).xpath(links) == []
    assert client.get(f"/{KEY}.txt").status_code == 404
    settings.WEBSUB_HUB, settings.INDEXNOW_KEY = "https://hub.example.org/", KEY
    for path in ("/feed/", "/feed/atom/"):
        found = etree.fromstring(client.get(path).content).xpath(links)
        assert found == ["https://hub.example.org/"]
    assert client.get(f"/{KEY}.txt").content.decode() == KEY
    assert client.get("/another-key.txt").status_code == 404
