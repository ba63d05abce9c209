"""nginx as newsroom/deploy/nginx.conf sets it up: what it passes on, keeps and answers itself."""

import http.client
import re
import signal
import stat
import struct
import threading
import time
from contextlib import ExitStack
from itertools import count

import pytest
from django.conf import settings
from django.utils import timezone

from articles.models import Article
from articles.uploads import DOWNLOADS
from comments.readers import COOKIE
from newsroom import buffering
from newsroom.middleware import STAFF_MARKER
from newsroom.security_headers import build_headers
from newsroom.views import media
from tests import factories
from tests.newsroom.nginx.front import DEPLOY, HOST, wait_until

pytestmark = pytest.mark.once

CONFIGURATION = (DEPLOY / "nginx.conf").read_text()
numbers = count(1)


@pytest.fixture
def article(front):
    """An article with an address that no other test has asked for."""
    article = factories.article(slug=f"ship-{next(numbers)}", title="修理船")
    factories.comment(article, text="一番")
    return article


@pytest.fixture
def address(article):
    return f"/articles/{article.slug}/"


def test_nginx_alone_reaches_the_site(front):
    assert stat.S_IMODE((front.folder / "web.sock").stat().st_mode) == 0o660


class TestCache:
    def test_a_page_is_fetched_once(self, front, address):
        first, second = front.ask(address), front.ask(address)
        assert (first.status, first["Cache-Status"]) == (200, "nginx; fwd=miss")
        assert (second.status, second["Cache-Status"]) == (200, "nginx; hit")
        assert second.body == first.body
        assert "一番" in second.text

    def test_an_unchanged_page_is_not_sent_again(self, front, address):
        tag = front.ask(address)["ETag"]
        answer = front.ask(address, If_None_Match=tag)
        assert (answer.status, answer.body) == (304, b"")
        assert answer["ETag"] == tag

    def test_each_encoding_is_kept_as_the_site_made_it(self, front, address):
        plain = front.ask(address).body
        for accepted, encoding in [
            ("gzip, deflate, br, zstd", "br"),
            ("gzip, deflate", "gzip"),
            ("br;q=0, gzip;q=0.5", "gzip"),
            ("br;q=0,gzip;q=0.0", ""),
        ]:
            states = set()
            for _time in range(2):
                answer = front.ask(address, Accept_Encoding=accepted)
                assert answer["Content-Encoding"] == encoding
                assert len(answer.body) < len(plain) / 2 or not encoding
                states.add(answer["Cache-Status"])
            assert "nginx; hit" in states
        other = front.ask(address, Accept_Encoding="br")
        assert other["Cache-Status"] == "nginx; hit"  # however a browser writes it

    def test_one_request_of_many_fetches_a_page(self, front, address):
        answers = []
        readers = [
            threading.Thread(target=lambda: answers.append(front.ask(address))) for _ in range(12)
        ]
        for reader in readers:
            reader.start()
        for reader in readers:
            reader.join()
        assert [answer.status for answer in answers] == [200] * 12
        states = [answer["Cache-Status"] for answer in answers]
        assert states.count("nginx; fwd=miss") == 1, states

    def test_browsers_do_not_learn_how_long_nginx_may_keep_a_page(self, front, address):
        for _time in range(2):
            policy = front.ask(address)["Cache-Control"]
            assert policy == "public, max-age=0, s-maxage=2, stale-if-error=86400"

    def test_a_page_of_the_last_half_minute_is_sent_while_the_next_one_is_fetched(
        self, front, address, article
    ):
        front.ask(address)
        factories.comment(article, text="二番")
        time.sleep(3.1)  # s-maxage, in nginx's whole seconds
        assert front.ask(address)["Cache-Status"] == 'nginx; hit; detail="stale"'
        until = time.monotonic() + 5
        while "二番" not in front.ask(address).text:
            assert time.monotonic() < until
            time.sleep(0.1)

    def test_the_map_of_cookies_names_all_of_ours(self):
        names = {COOKIE, settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME}
        cookies = re.search(r"map \$http_cookie .*?\}", CONFIGURATION, re.DOTALL)[0]
        patterns = re.findall(r'"~(.*)" ', cookies)
        names |= {f"__Host-{name}" for name in names} | {STAFF_MARKER, "messages"}
        for name in names:
            assert any(re.search(pattern, f"other=1; {name}=1") for pattern in patterns), name
        assert not any(re.search(pattern, "my_reader=1; _ga=2") for pattern in patterns)


class TestParticipants:
    def test_a_writer_sees_the_comment_at_once(self, front, address, article):
        for _time in range(2):
            front.ask(address)
        sent = front.send(f"/threads/{article.pk}/comments/", {"text": "灯りのない夜の返事"})
        assert sent.status == 303, sent.text
        assert COOKIE.removeprefix("__Host-") in sent.cookies
        own = front.ask(sent["Location"], Cookie=sent.cookies)
        assert (own.status, own["Cache-Control"]) == (200, "private, no-store")
        assert "灯りのない夜の返事" in own.text
        whole = front.ask(address, Cookie=f"theme=dark; {sent.cookies}")
        assert "灯りのない夜の返事" in whole.text
        assert whole["Cache-Control"] == "private, no-cache"
        assert whole["Cache-Status"] == ""

    def test_what_a_writer_gets_is_not_kept(self, front, address):
        answer = front.ask(address, Cookie="__Host-reader=somebody")
        assert answer["Cache-Control"] == "private, no-cache"
        assert front.ask(address)["Cache-Status"] == "nginx; fwd=miss"

    def test_personal_pages_are_never_kept(self, front, article):
        for path in (
            f"/threads/{article.pk}/mine/",
            f"/threads/{article.pk}/token/",
            "/me/",
            "/admin/login/",
            "/nothing/",
        ):
            for _time in range(2):
                answer = front.ask(path)
                assert "no-store" in answer["Cache-Control"], path
                assert answer["Cache-Status"] == "", path

    def test_a_login_is_answered_with_its_cookies(self, front):
        page = front.ask("/admin/login/")
        token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', page.text)[1]
        fields = {"username": "nobody", "password": "wrong", "csrfmiddlewaretoken": token}
        answer = front.send("/admin/login/", fields, Cookie=page.cookies, Referer=front.address)
        assert answer.status == 200  # the form again: the token was accepted


class TestForwarding:
    def test_plain_http_is_redirected(self, front):
        answer = front.ask("/archive/?page=2", port=front.plain_port)
        assert answer.status == 301
        assert answer["Location"] == f"https://{HOST}:{front.plain_port}/archive/?page=2"

    def test_certificates_are_renewed_over_plain_http(self, front):
        folder = front.folder / "acme" / ".well-known" / "acme-challenge"
        folder.mkdir(parents=True)
        (folder / "token").write_text("proof")
        answer = front.ask("/.well-known/acme-challenge/token", port=front.plain_port)
        assert (answer.status, answer.body) == (200, b"proof")

    def test_other_host_names_get_no_answer(self, front):
        with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
            front.ask("/", port=front.plain_port, host="other.example.org")

    def test_http_2_is_spoken(self, front):
        context = front.tls
        context.set_alpn_protocols(["h2", "http/1.1"])
        try:
            with front.connect(context=context) as connection:
                assert connection.selected_alpn_protocol() == "h2"
                connection.sendall(
                    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes(3) + b"\4" + bytes(5)
                )
                length, kind = struct.unpack(">xHB", connection.recv(9)[:4])
                assert (length % 6, kind) == (0, 4)  # the server's SETTINGS
        finally:
            context.set_alpn_protocols(["http/1.1"])

    def test_headers_that_a_reader_writes_go_no_further(self, front, address):
        answer = front.ask(
            address,
            X_Forwarded_Host="evil.example",
            X_Forwarded_For="203.0.113.9",
            X_Forwarded_Proto="http",
            Forwarded="for=203.0.113.9;host=evil.example;proto=http",
            Cookie="__Host-reader=somebody",  # past the cache
        )
        assert answer.status == 200
        assert "evil.example" not in answer.text

    def test_a_request_has_a_number_of_its_own(self, front, address):
        numbers = [front.ask(address, X_Request_ID="mine")["X-Request-ID"] for _time in range(2)]
        assert all(re.fullmatch("[0-9a-f]{32}", number) for number in numbers)
        assert len(set(numbers)) == 2
        for number in numbers:
            assert number in front.access_log

    def test_security_headers_of_the_site_arrive_once(self, front, address):
        for path in (address, "/nothing/", "/admin/login/"):
            answer = front.ask(path)
            for name in (
                "Content-Security-Policy",
                "Cross-Origin-Opener-Policy",
                "Permissions-Policy",
                "Referrer-Policy",
                "Strict-Transport-Security",
                "X-Content-Type-Options",
                "X-Frame-Options",
                "X-Request-ID",
            ):
                assert len(answer.headers.get_all(name, [])) == 1, (path, name)

    def test_metrics_are_private(self, front):
        for path in ("/metrics", "/readyz"):
            answer = front.ask(path)
            assert (answer.status, answer["Cache-Control"]) == (404, "private, no-store")
        assert front.ask("/healthz").status == 200
        assert front.ask("/metrics", port=front.private_port).status == 403
        metrics = front.ask("/metrics", port=front.private_port, source="127.0.0.1")
        assert metrics.status == 200
        assert "newsroom_request_seconds_count" in metrics.text
        assert front.ask("/", port=front.private_port, source="127.0.0.1").status == 404


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
        for name in ("a.jpg", "a.html", "a.svg", *(f"a.{kind}" for kind in DOWNLOADS)):
            (folder / name).write_bytes(b"<script>alert(1)</script>")
            answer = front.ask(f"/media/{name}")
            assert answer.status == 200
            check_headers(answer, but=["content-security-policy", "cross-origin-resource-policy"])
            assert "sandbox" in answer["Content-Security-Policy"]
            assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
            assert answer["Cache-Control"] == f"public, max-age={media.YEAR}, immutable"
            kind, _is_genuine = DOWNLOADS.get(name[2:], ("application/octet-stream", None))
            assert answer["Content-Type"] == ("image/jpeg" if name == "a.jpg" else kind), name


class TestOwnPages:
    def test_a_body_may_be_as_long_as_the_site_allows(self, front):
        assert buffering.MAX_BODY == 25 * 1024 * 1024
        assert "client_max_body_size 25m;" in CONFIGURATION

    def test_a_larger_body_is_refused_in_the_words_of_the_paper(self, front):
        with front.connect() as connection:
            length = buffering.MAX_BODY + 1
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
        site.send_signal(signal.SIGSTOP, to_all=True)
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
            site.send_signal(signal.SIGCONT, to_all=True)
        assert answer.startswith("HTTP/1.1 429 ")
        assert "Retry-After: 10\r\n" in answer
        assert "しばらく待ってから" in answer
        assert other.startswith("HTTP/1.1 404 ")
        wait_until(lambda: front.ask("/healthz").status == 200)

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

    @pytest.mark.parametrize("status", [404, 410])
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
