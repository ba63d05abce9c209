"""nginx as newsroom/deploy/nginx.conf sets it up: what it passes on, keeps and answers itself."""

import http.client
import re
import stat
import struct
import threading
import time

import pytest
from django.conf import settings

from comments.readers import COOKIE
from newsroom.middleware import STAFF_MARKER
from tests import factories
from tests.newsroom.nginx.front import DEPLOY, HOST, wait_until

pytestmark = pytest.mark.once

CONFIGURATION = (DEPLOY / "nginx.conf").read_text()


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

    @pytest.mark.slow
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
        for number in numbers:  # nginx writes its line after the answer
            wait_until(lambda number=number: number in front.access_log)

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
