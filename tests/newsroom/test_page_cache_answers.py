"""What a client gets of a cached page: encodings, conditions, headers; without a database too."""

import gzip
from time import time
from unittest import mock

import brotli
import pytest
from django.core.cache import caches
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.http import http_date, parse_http_date

from comments import erasing
from newsroom.page_cache import application, page_versions
from newsroom.page_cache.cached_page import choose_encoding
from tests import factories, staff
from tests.comments.conftest import Browser
from tests.site_client import set_clock

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]

SHIP = "/articles/ship/"


@pytest.fixture(autouse=True)
def article(settings):
    settings.PAGE_CACHE_SECONDS = 60
    article = factories.article(slug="ship", title="修理船", author=staff.editor())
    factories.comment(article, text="一番")
    return article


@pytest.fixture
def reader():
    return Client()


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("br;q=0.5, gzip;q=0.9", "gzip"),
        ("GZIP;Q=0.5", "gzip"),
        ("br;q=0, gzip;q=0", ""),
        ("gzippy, brown", ""),
        ("gzip;q=much", ""),
        ("identity", ""),
        ("", ""),
    ],
)
def test_the_best_accepted_encoding_is_chosen(accepted, encoding):
    assert choose_encoding(accepted) == encoding


def test_all_encodings_hold_one_page(reader):
    plain = reader.get(SHIP)
    unpack = {"gzip": gzip.decompress, "br": brotli.decompress}
    for encoding, decompress in unpack.items():
        packed = reader.get(SHIP, headers={"accept-encoding": encoding})
        assert packed["Content-Encoding"] == encoding
        assert packed["Vary"] == "Accept-Encoding"
        assert packed["ETag"] == plain["ETag"]
        assert int(packed["Content-Length"]) == len(packed.content) < len(plain.content)
        assert decompress(packed.content) == plain.content


@pytest.mark.parametrize("condition", ["{}", '"other", {}', "*"])
def test_a_known_page_is_not_sent_again(reader, condition):
    etag = reader.get(SHIP)["ETag"]
    for known in (etag, etag.removeprefix("W/")):
        answer = reader.get(SHIP, headers={"if-none-match": condition.format(known)})
        assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", etag)
        assert "Content-Type" not in answer.headers
        assert "s-maxage=2" in answer["Cache-Control"]
    assert reader.get(SHIP, headers={"if-none-match": '"other"'}).status_code == 200


def test_a_page_says_since_when_it_is_what_it_is(reader, article, monkeypatch):
    now = time()
    set_clock(monkeypatch, lambda: now)
    assert "Last-Modified" not in reader.get(SHIP)  # it may still change within this second
    set_clock(monkeypatch, lambda: now + 2)
    since = reader.get(SHIP)["Last-Modified"]
    assert now - 1 < parse_http_date(since) <= now + 1
    assert reader.get(SHIP, headers={"if-modified-since": since}).status_code == 304
    for date in (http_date(now - 60), "yesterday"):
        assert reader.get(SHIP, headers={"if-modified-since": date}).status_code == 200
    both = {"if-modified-since": since, "if-none-match": '"another"'}
    assert reader.get(SHIP, headers=both).status_code == 200  # the ETag counts
    set_clock(monkeypatch, lambda: now + 9)
    factories.comment(article, text="二番")
    assert reader.get(SHIP, headers={"if-modified-since": since}).status_code == 200


def test_caches_on_the_way_may_keep_a_page_for_a_moment(reader, settings):
    kept = "public, max-age=0, s-maxage=2, stale-while-revalidate=30, stale-if-error=86400"
    assert reader.get(SHIP)["Cache-Control"] == kept
    settings.PAGE_CACHE_CONTROL = "public, max-age=60"
    assert reader.get(SHIP)["Cache-Control"] == "public, max-age=60"


def test_a_page_for_somebody_who_wrote_is_kept_by_no_cache_on_the_way(article):
    writer = Browser()
    writer.write(article, "私の意見")
    for visitor in (writer, staff.browser_of(factories.moderator())):
        assert visitor.get(SHIP)["Cache-Control"] == "private, no-cache"


def test_what_is_not_found_is_kept_by_nobody(reader):
    assert reader.get("/articles/nothing/")["Cache-Control"] == "private, no-store"


def test_a_process_sends_its_own_copy_of_an_unchanged_page(reader):
    page = reader.get(SHIP)
    caches["pages"].clear()
    with CaptureQueriesContext(connection) as captured:
        again = reader.get(SHIP)
    assert len(captured) == 1
    assert again.content == page.content


class TestRememberedVersion:
    @pytest.fixture(autouse=True)
    def clock(self, monkeypatch, settings):
        settings.PAGE_VERSION_SECONDS = 0.2
        self.now = 1_000.0
        monkeypatch.setattr(page_versions, "monotonic", lambda: self.now)

    def count_queries(self, client):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(SHIP).status_code == 200
        return len(captured)

    def test_a_reader_costs_no_query_for_a_moment(self, article, reader):
        reader.get(SHIP)
        assert self.count_queries(reader) == 0
        factories.comment(article, text="新しい意見")
        assert "新しい意見" not in reader.get(SHIP).content.decode()
        self.now += 0.2
        assert "新しい意見" in reader.get(SHIP).content.decode()

    def test_somebody_who_wrote_sees_every_change(self, article, reader):
        reader.get(SHIP)
        writer = Browser()
        writer.get(SHIP)
        writer.write(article, "私の意見")
        assert "私の意見" in writer.get(SHIP).content.decode()


class TestWithoutDatabase:
    @pytest.fixture
    def fail(self, monkeypatch):
        """Let the database fail, and count how often it is asked."""
        asked = []

        def read(slug):
            asked.append(slug)
            raise OperationalError("gone")

        def fail():
            monkeypatch.setattr(page_versions, "_read", read)
            return asked

        return fail

    def test_kept_pages_are_sent_and_say_so(self, article, reader, fail, monkeypatch):
        pages = {address: reader.get(address).content for address in (SHIP, "/")}
        asked = fail()
        later = time() + 1_800  # long after they expired
        set_clock(monkeypatch, lambda: later)
        for address, content in pages.items():
            answer = reader.get(address)
            assert answer.content == content
            assert "database away" in answer["Cache-Status"]
        assert asked == ["ship"]  # within a second it is not asked again
        set_clock(monkeypatch, lambda: later + 1_800)
        assert "Cache-Status" not in reader.get("/").headers  # too old: Django was asked

    def test_an_old_address_shows_the_kept_front_page(self, reader, fail, monkeypatch):
        page = reader.get("/")
        fail()
        monkeypatch.setattr(
            application, "find_redirect", mock.Mock(side_effect=OperationalError("gone"))
        )
        answer = reader.get("/?p=12")
        assert answer.content == page.content
        assert "database away" in answer["Cache-Status"]

    def test_no_page_from_before_an_erasure_is_sent(self, reader, fail):
        reader.get(SHIP)
        erasing.empty_caches()
        fail()
        assert "Cache-Status" not in reader.get(SHIP).headers  # Django was asked

    def test_another_process_finds_the_shared_page(self, reader, fail):
        page = reader.get(SHIP)
        fail()
        assert Client().get(SHIP).content == page.content

    def test_no_other_page_waits_for_the_database(self, reader, fail):
        fail()
        for address in (SHIP, "/search/?q=ship", "/comments/1/", "/nowhere/"):
            with CaptureQueriesContext(connection) as captured:
                answer = reader.get(address)
            assert (answer.status_code, len(captured)) == (503, 0)
            assert int(answer["Retry-After"]) > 0
            assert "default-src" in answer["Content-Security-Policy"]
        assert reader.get("/robots.txt").status_code == 200

    def test_a_comment_comes_back(self, article, fail):
        fail()
        answer = Browser().write(article, "長い意見")
        assert answer.status_code == 503
        assert "長い意見" in answer.content.decode()

    def test_a_wrong_host_is_the_fault_of_the_request(self, reader, fail, monkeypatch):
        fail()
        broken = mock.Mock(side_effect=OperationalError)
        monkeypatch.setattr(connection, "cursor", broken)  # of the categories in the page's head
        answer = reader.get("/", headers={"host": "elsewhere.example"})
        assert answer.status_code == 400
        assert "リクエスト" in answer.content.decode()

    def test_the_next_answer_comes_from_the_database_again(self, article, reader, monkeypatch):
        monkeypatch.setattr(page_versions, "PAUSE", 0)
        reader.get(SHIP)
        factories.comment(article, text="新しい意見")
        with monkeypatch.context() as broken:
            broken.setattr(page_versions, "_read", mock.Mock(side_effect=OperationalError))
            assert "新しい意見" not in reader.get(SHIP).content.decode()
        answer = reader.get(SHIP)
        assert "新しい意見" in answer.content.decode()
        assert "Cache-Status" not in answer.headers
