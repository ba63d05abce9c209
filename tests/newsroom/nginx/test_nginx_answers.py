"""What nginx answers itself: files, refusals, and everything while the site is gone."""

import signal
import time
from contextlib import ExitStack

import pytest
from django.utils import timezone

from articles.documents import CHECKS
from articles.models import Article
from articles.upload_limits import MAX_REQUEST
from newsroom.security_headers import build_headers
from newsroom.views import media
from tests.newsroom.nginx.front import DEPLOY, HOST, wait_until

pytestmark = pytest.mark.once

CONFIGURATION = (DEPLOY / "nginx.conf").read_text()


class TestFiles:
    def test_static_files_come_compressed_and_for_good(self, front):
        folder = front.var / "static" / "css"
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in {"": b"plain", ".gz": b"zipped", ".br": b"brotli"}.items():
            (folder / f"site.0123456789ab.css{name}").write_bytes(content)
        (folder / "site.css").write_bytes(b"plain")
        address = "/static/css/site.0123456789ab.css"
        for accepted, content in [("gzip, br", b"brotli"), ("gzip", b"zipped"), ("", b"plain")]:
            answer = front.ask(address, Accept_Encoding=accepted)
            assert answer.body == content
            assert answer["Content-Type"] == "text/css; charset=utf-8"
            assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
            assert answer["Vary"] == "Accept-Encoding"
            check_headers(answer)
        assert front.ask("/static/css/site.css")["Cache-Control"] == "public, max-age=3600"
        assert front.ask("/static/css/../../../nginx.conf").status == 400
        assert front.ask("/static/css/none.css").status == 404

    def test_media_never_run_as_a_page(self, front):
        folder = front.var / "media"
        folder.mkdir(exist_ok=True)
        for name in ("a.jpg", "a.html", "a.svg", *(f"a.{kind}" for kind in CHECKS)):
            (folder / name).write_bytes(b"<script>alert(1)</script>")
            answer = front.ask(f"/media/{name}")
            assert answer.status == 200
            check_headers(answer, but=["content-security-policy", "cross-origin-resource-policy"])
            assert "sandbox" in answer["Content-Security-Policy"]
            assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
            assert answer["Cache-Control"] == f"public, max-age={media.MAX_AGE}"
            kind, _check = CHECKS.get(name[2:], ("application/octet-stream", None))
            assert answer["Content-Type"] == ("image/jpeg" if name == "a.jpg" else kind), name


class TestOwnPages:
    def test_a_body_may_be_as_long_as_the_site_allows(self, front):
        assert MAX_REQUEST == 26 * 1024 * 1024
        assert "client_max_body_size 26m;" in CONFIGURATION

    def test_a_larger_body_is_refused_in_the_words_of_the_paper(self, front):
        with front.connect() as connection:
            length = MAX_REQUEST + 1
            head = f"POST /threads/1/comments/ HTTP/1.1\r\nHost: {HOST}\r\n"
            connection.sendall(f"{head}Content-Length: {length}\r\n\r\n".encode())
            answer = connection.recv(65_536).decode()
        assert answer.startswith("HTTP/1.1 413 ")
        assert "サイズが大きすぎます" in answer

    def test_an_unreadable_request_too(self, front):
        with front.connect() as connection:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: a b\r\n\r\n")
            answer = connection.recv(65_536).decode()
        assert answer.startswith("HTTP/1.1 400 ")
        assert "リクエストを処理できませんでした" in answer

    @pytest.mark.slow
    def test_one_address_cannot_take_all_connections(self, front, site):
        site.send(signal.SIGSTOP, to_all=True)
        try:
            with ExitStack() as stack:
                for _number in range(257):
                    connection = stack.enter_context(front.connect())
                    connection.sendall(f"GET /me/ HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode())
                answer = connection.recv(65_536).decode()
                elsewhere = stack.enter_context(front.connect(source="127.0.0.1"))
                elsewhere.sendall(b"GET /metrics HTTP/1.1\r\nHost: %b\r\n\r\n" % HOST.encode())
                other = elsewhere.recv(65_536).decode()
        finally:
            site.send(signal.SIGCONT, to_all=True)
        assert answer.startswith("HTTP/1.1 429 ")
        assert "Retry-After: 10\r\n" in answer
        assert "しばらく待ってから" in answer
        assert other.startswith("HTTP/1.1 404 ")
        wait_until(lambda: front.ask("/healthz").status == 200)

    @pytest.mark.slow
    def test_a_page_that_is_kept_outlives_the_site(self, front, site, address):
        kept = front.ask(address)
        assert kept.status == 200
        site.kill()
        time.sleep(3.1)
        for _time in range(2):
            answer = front.ask(address)
            assert (answer.status, answer.body) == (200, kept.body)
            assert answer["Cache-Status"] == 'nginx; hit; detail="stale"'
            assert answer["Cache-Control"] == kept["Cache-Control"]

    @pytest.mark.parametrize("status", [pytest.param(404, marks=pytest.mark.slow), 410])
    def test_an_article_that_is_gone_does_not_come_back(
        self, front, site, address, article, status
    ):
        assert front.ask(address).status == 200
        if status == 404:
            Article.objects.filter(pk=article.pk).update(expires_at=timezone.now())
            article.refresh_from_db()
            article.save()
        else:
            article.withdraw(note="誤り。")
        wait_until(lambda: front.ask(address).status == status, seconds=6)
        assert "X-Accel-Expires" not in front.ask(address).headers
        site.kill()
        time.sleep(2.1)
        assert front.ask(address).status in {status, 502}

    def test_without_the_site_the_paper_says_so(self, front, site, article):
        site.kill()
        for answer in (
            front.ask("/search/?q=x"),
            front.send(f"/threads/{article.pk}/comments/", {"text": "灯り"}),
        ):
            assert answer.status == 502
            assert "まもなく再開します" in answer.text
            assert '<html lang="ja"' in answer.text
            assert int(answer["Retry-After"]) > 0
            assert answer["Cache-Control"] == "private, no-store"
            assert answer["Content-Type"] == "text/html; charset=utf-8"
            check_headers(answer)


def check_headers(answer, *, but=()):
    """An answer of nginx has the security headers of the site, from the same settings."""
    for name, value in build_headers(False):
        if name.decode() not in but:
            assert split(answer[name.decode()]) == split(value.decode()), name
    assert answer["Strict-Transport-Security"] == "max-age=31536000"


def split(header):
    return {part.strip() for part in header.split(";")}
