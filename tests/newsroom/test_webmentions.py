"""Webmentions: received, verified and held for a moderator; sent to the pages that are linked."""

import socket
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from time import monotonic
from urllib.parse import parse_qs

import pytest
from django.utils import timezone

from articles.download import FileRefused, fetch_answer
from articles.web.timed_answers import TimedResponse
from comments.models import Mention
from newsroom.models import WaitingWebmention
from newsroom.webmentions.receiving import ATTEMPTS, MOST_WAITING, find_target, verify_waiting
from newsroom.webmentions.sending import send_webmentions
from tests import factories, staff
from tests.reading import read

pytestmark = [pytest.mark.django_db, pytest.mark.once]

HOSTS = {"127.0.0.1"}
TARGET = "http://testserver/articles/ship/"
LINKING = (
    f'<title>北の窓辺</title><p>新報の<a href="{TARGET}#comments">記事</a>を読んだ。</p><p>別。</p>'
)


class OtherSite(BaseHTTPRequestHandler):
    def do_GET(self):
        status, headers, body = self.server.pages.get(self.path, (404, {}, ""))
        self.send_response(status)
        for name, value in {"Content-Type": "text/html; charset=utf-8", **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(f"<!doctype html><meta charset=utf-8>{body}".encode())

    def do_POST(self):
        length = int(self.headers["Content-Length"])
        self.server.received.append((self.path, parse_qs(self.rfile.read(length).decode())))
        self.send_response(202)
        self.end_headers()

    def log_message(self, *arguments):
        pass


@pytest.fixture
def other_site():
    server = HTTPServer(("127.0.0.1", 0), OtherSite)
    server.pages, server.received = {}, []
    server.address = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, args=[0.01])
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(autouse=True)
def article(settings):
    settings.WEBMENTIONS = True
    return factories.article(slug="ship", title="修理船に二隻目")


def tell(client, source, target=TARGET):
    return client.post("/webmention/", {"source": source, "target": target}).status_code


class TestReceiving:
    def test_a_page_that_links_waits_for_a_moderator(self, client, other_site, article):
        other_site.pages["/"] = 200, {}, LINKING
        source = f"{other_site.address}/"
        (endpoint,) = read(client, "/articles/ship/").xpath("//link[@rel='webmention']/@href")
        assert endpoint == "http://testserver/webmention/"
        assert tell(client, source) == tell(client, source) == 202  # once is enough
        assert not Mention.objects.exists()
        assert verify_waiting(HOSTS) == 1
        mention = Mention.objects.get(article=article)
        assert (mention.kind, mention.state, mention.url) == ("webmention", "held", source)
        assert (mention.title, mention.excerpt) == ("北の窓辺", "新報の記事を読んだ。")
        assert not WaitingWebmention.objects.exists()
        assert "北の窓辺" not in client.get("/articles/ship/").content.decode()
        mention.approve(by=staff.moderator())
        assert "北の窓辺" in client.get("/articles/ship/").content.decode()
        assert tell(client, source) == 202  # known already
        assert verify_waiting(HOSTS) == 0

    def test_a_mention_whose_page_no_longer_links_is_taken_back(self, client, other_site, article):
        source = f"{other_site.address}/"
        for path in ("/", "/other"):
            other_site.pages[path] = 200, {}, LINKING
            tell(client, f"{other_site.address}{path}")
        assert verify_waiting(HOSTS) == 2
        moderator = staff.moderator()
        for mention in Mention.objects.all():
            mention.approve(by=moderator)
        other_site.pages["/"] = 200, {}, "<p>リンクは外した。</p>"
        for _twice in range(2):
            tell(client, source)
            assert verify_waiting(HOSTS) == 0
        mention = Mention.objects.get(url=source)
        [newest, _approval] = mention.actions.all()
        assert (mention.state, newest.actor) == ("removed", "site")
        assert client.get("/articles/ship/").content.decode().count("北の窓辺") == 1

    @pytest.mark.parametrize(
        ("status", "state"), [(404, "removed"), (410, "removed"), (500, "held"), (403, "held")]
    )
    def test_a_mention_whose_page_is_gone_is_taken_back(self, client, other_site, status, state):
        source = f"{other_site.address}/"
        other_site.pages["/"] = 200, {}, LINKING
        tell(client, source)
        verify_waiting(HOSTS)
        other_site.pages["/"] = status, {}, LINKING
        tell(client, source)
        assert verify_waiting(HOSTS) == 0
        assert Mention.objects.get().state == state
        assert WaitingWebmention.objects.exists() is (state == "held")  # another time

    def test_a_page_that_is_not_there_yet_is_looked_for_again(self, client, other_site):
        tell(client, f"{other_site.address}/")
        assert verify_waiting(HOSTS) == 0
        other_site.pages["/"] = 200, {}, LINKING
        assert verify_waiting(HOSTS) == 1

    @pytest.mark.parametrize(
        "page",
        [
            (200, {}, "<p>リンクはない。</p>"),
            (200, {}, f"<p>{TARGET}</p>"),
            (200, {}, '<a href="http://testserver/articles/other/">別</a>'),
            (200, {"Content-Type": "text/plain"}, LINKING),
            (200, {}, ""),
        ],
    )
    def test_a_page_that_does_not_link_is_dropped(self, client, other_site, page):
        other_site.pages["/"] = page
        tell(client, f"{other_site.address}/")
        assert verify_waiting(HOSTS) == 0
        assert not WaitingWebmention.objects.exists() and not Mention.objects.exists()

    def test_a_private_network_is_not_asked(self, client, other_site):
        other_site.pages["/"] = 200, {}, LINKING
        tell(client, f"{other_site.address}/")
        for _attempt in range(ATTEMPTS):
            assert verify_waiting() == 0
        assert not WaitingWebmention.objects.exists() and not Mention.objects.exists()

    def test_of_a_redirect_only_its_address_is_read(self, client, other_site):
        other_site.pages["/"] = 200, {}, LINKING
        other_site.pages["/old"] = 301, {"Location": "/", "Content-Length": "9" * 12}, ""
        tell(client, f"{other_site.address}/old")
        assert verify_waiting(HOSTS) == 1

    def test_a_server_that_never_answers_is_left_in_time(self):
        with socket.create_server(("127.0.0.1", 0)) as silent:
            address = f"http://127.0.0.1:{silent.getsockname()[1]}/"
            with pytest.raises(FileRefused):
                fetch_answer(address, limit=1, private_hosts=HOSTS, deadline=0.05)

    def test_a_header_without_an_end_is_left_in_time(self):
        ours, theirs = socket.socketpair()
        with ours, theirs:
            ours.settimeout(20)
            theirs.sendall(b"HTTP/1.1 200 OK\r\nX: ")
            with pytest.raises(TimeoutError):
                TimedResponse(ours, until=monotonic() + 0.05).begin()

    def test_no_address_with_a_nul_reaches_the_database(self, django_assert_num_queries):
        with django_assert_num_queries(0):
            assert find_target("http://testserver/articles/%00/") is None

    def test_too_large_a_page_is_not_read(self, client, other_site):
        other_site.pages["/"] = 200, {}, LINKING + "x" * 1_100_000
        tell(client, f"{other_site.address}/")
        assert verify_waiting(HOSTS) == 0

    @pytest.mark.parametrize(
        ("source", "target"),
        [
            ("", TARGET),
            ("ftp://example.org/", TARGET),
            ("http://[", TARGET),
            ("https://example.org/" + "a" * 2_000, TARGET),
            ("https://example.org/\x00", TARGET),
            (TARGET, TARGET),
            ("http://testserver/search/?q=ship", TARGET),
            ("https://example.org/", "https://example.org/articles/ship/"),
            ("https://example.org/", "http://testserver/"),
            ("https://example.org/", "http://testserver/articles/none/"),
            ("https://example.org/", "http://testserver/articles/draft/"),
        ],
    )
    def test_what_makes_no_sense_is_refused(self, client, source, target):
        factories.article(slug="draft", status="draft", published_at=None)
        assert tell(client, source, target) == 400
        assert not WaitingWebmention.objects.exists()

    def test_there_are_limits(self, client, monkeypatch):
        monkeypatch.setattr("newsroom.webmentions.receiving.MOST_WAITING", 1)
        assert MOST_WAITING > 100
        assert tell(client, "https://example.org/1") == 202
        assert tell(client, "https://example.org/2") == 503
        monkeypatch.setattr("newsroom.webmentions.receiving.RATE", {60: 0})
        assert tell(client, "https://example.org/3") == 429

    def test_without_the_setting_there_is_none(self, client, settings):
        settings.WEBMENTIONS = False
        assert tell(client, "https://example.org/") == 404
        assert not read(client, "/articles/ship/").xpath("//link[@rel='webmention']")


class TestSending:
    @pytest.mark.parametrize(
        "page",
        [
            (200, {"Link": '<other>; rel="next", </in>; rel="a webmention"'}, ""),
            (200, {}, '<link rel="webmention" href="/in">'),
            (200, {}, '<a rel="nofollow webmention" href="in">x</a><link rel=webmention href=/b>'),
        ],
    )
    def test_a_linked_page_is_told(self, other_site, article, page):
        other_site.pages["/page"] = page
        target = f"{other_site.address}/page"
        article.body = f'<p><a href="{target}">一</a><a href="/articles/ship/">二</a></p>'
        article.save()
        assert send_webmentions([article], HOSTS) == 1
        ((path, fields),) = other_site.received
        assert path == "/in"
        assert fields == {"source": [TARGET], "target": [target]}

    def test_a_broken_address_stops_nothing(self, other_site, article):
        other_site.pages["/page"] = 200, {"Link": "<http://[>; rel=webmention"}, ""
        other_site.pages["/other"] = 200, {}, '<a rel=webmention href="//[">x</a>'
        other_site.pages["/good"] = 200, {}, "<link rel=webmention href=/in>"
        article.body = '<p><a href="http://[">x</a></p>'
        for name in ("page", "other", "good"):
            article.sources.create(title=name, url=f"{other_site.address}/{name}")
        assert send_webmentions([article], HOSTS) == 1

    def test_others_are_left_alone(self, other_site, article):
        other_site.pages["/page"] = 200, {}, "<p>なし</p>"
        article.sources.create(title="一", url=f"{other_site.address}/page")
        article.sources.create(title="二", url=f"{other_site.address}/none")
        assert send_webmentions([article], HOSTS) == 0
        article.sources.create(title="三", url=f"{other_site.address}/in")
        other_site.pages["/in"] = 200, {"Link": "</in>; rel=webmention"}, ""
        assert send_webmentions([article]) == 0  # a private network
        article.published_at = timezone.now() + timedelta(days=1)
        assert send_webmentions([article], HOSTS) == 0
        assert other_site.received == []
