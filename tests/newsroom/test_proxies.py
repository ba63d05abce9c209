"""What proxies say is believed from trusted ones only, and all of it by one rule."""

import ipaddress

import pytest
from django.test import RequestFactory

from articles.web.networks import find_client_address
from newsroom import proxies
from newsroom.incoming import IncomingMiddleware
from newsroom.proxies import resolve_forwarded
from tests.processor import measure_seconds

PROXIES = ["unix", ipaddress.ip_network("10.0.0.0/8"), ipaddress.ip_network("fd00::/8")]
READER, ATTACKER, PROXY = "203.0.113.9", "192.0.2.66", "10.0.0.1"
HEADERS = {
    "x-forwarded-for": READER,
    "x-forwarded-proto": "https",
    "x-forwarded-host": "news.example.org",
    "x-forwarded-port": "443",
}


@pytest.fixture(autouse=True)
def behind_proxies(settings):
    settings.TRUSTED_PROXIES = PROXIES
    settings.ALLOWED_HOSTS = ["testserver", "news.example.org"]


def resolve(peer=PROXY, **headers):
    """Return a request after the first middleware; ``_`` in a header's name stands for ``-``."""
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    request = RequestFactory().get("/", REMOTE_ADDR=peer, headers=headers)
    return IncomingMiddleware(lambda request: request)(request)


def find_client(peer, **headers):
    return str(find_client_address(resolve(peer, **headers)))


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("198.51.100.1", READER, "198.51.100.1"),
        (PROXY, READER, READER),
        (PROXY, f"{ATTACKER}, {READER}", READER),
        (PROXY, f"{ATTACKER}, {READER}, 10.9.9.9", READER),
        (PROXY, f"{ATTACKER},{READER} ,\t10.9.9.9", READER),
        (PROXY, "nonsense", PROXY),
        (PROXY, "", PROXY),
        (PROXY, f"{READER},", PROXY),
        (PROXY, f"{READER}, nonsense, 10.9.9.9", "10.9.9.9"),
        (PROXY, "10.1.1.1, 10.2.2.2", "10.1.1.1"),
        (PROXY, f"{READER}:51234", READER),
        (PROXY, "[2001:db8::5]:51234", "2001:db8::5"),
        ("", READER, READER),
        ("fd00::1", "2001:db8::5", "2001:db8::5"),
        ("::ffff:10.0.0.1", f"::ffff:{READER}", READER),
    ],
)
def test_the_client_is_the_first_hop_that_is_no_proxy(peer, forwarded, client):
    assert find_client(peer, x_forwarded_for=forwarded) == client


@pytest.mark.parametrize(
    ("peer", "standard", "client"),
    [
        ("198.51.100.1", f"for={READER}", "198.51.100.1"),
        (PROXY, f"for={READER}", READER),
        (PROXY, f'For="{READER}:80";Proto=https', READER),
        (PROXY, f'for="[2001:db8::5]:47", for={PROXY}', "2001:db8::5"),
        (PROXY, f"for={ATTACKER}, for={READER};by={PROXY}", READER),
        (PROXY, f'by="a,b;for={ATTACKER}", for={READER}', READER),
        (PROXY, "for=unknown", PROXY),
        (PROXY, "for=_hidden, for=10.9.9.9", "10.9.9.9"),
        (PROXY, 'for="', PROXY),
        (PROXY, ",,;;==", PROXY),
    ],
)
def test_the_standard_header_is_read_by_the_same_rule(peer, standard, client):
    assert find_client(peer, forwarded=standard) == client


def test_the_standard_header_does_not_override_what_the_proxy_writes():
    forged = {"forwarded": f"for={ATTACKER};proto=https", "x_forwarded_for": READER}
    request = resolve(**forged)
    assert str(find_client_address(request)) == READER
    assert not request.is_secure()


def test_a_trusted_proxy_names_scheme_and_host():
    request = resolve(**HEADERS)
    assert request.is_secure()
    assert request.get_host() == "news.example.org"
    assert request.build_absolute_uri("/") == "https://news.example.org/"
    assert request.get_port() == "443"


def test_anybody_else_names_nothing():
    request = resolve("198.51.100.1", forwarded=f"for={READER};proto=https", **HEADERS)
    assert not request.is_secure()
    assert request.get_host() == "testserver"
    assert request.get_port() == "80"
    assert str(find_client_address(request)) == "198.51.100.1"


def test_without_proxies_nobody_names_anything(settings):
    settings.TRUSTED_PROXIES = []
    for peer in (PROXY, "127.0.0.1", ""):
        request = resolve(peer, **HEADERS)
        assert (request.is_secure(), request.get_host()) == (False, "testserver")


@pytest.mark.parametrize("peer", [PROXY, "198.51.100.1"])
def test_nothing_behind_sees_the_headers(peer):
    request = resolve(peer, forwarded="for=1.2.3.4", **HEADERS)
    assert not [name for name in request.META if "FORWARDED" in name]


@pytest.mark.parametrize(
    ("proto", "forwarded", "is_secure"),
    [
        ("https, http", READER, False),
        ("http, https", READER, True),
        ("https, http", f"{READER}, 10.9.9.9", True),
        ("https", f"{READER}, 10.9.9.9", True),
        ("https, http", f"{ATTACKER}, {READER}", False),
        ("HTTPS", READER, True),
        ("ftp", READER, False),
        ("", READER, False),
    ],
)
def test_of_several_schemes_the_outermost_proxy_counts(proto, forwarded, is_secure):
    request = resolve(x_forwarded_proto=proto, x_forwarded_for=forwarded)
    assert request.is_secure() is is_secure


@pytest.mark.parametrize(
    ("headers", "host"),
    [
        ({"x_forwarded_host": "news.example.org:8443"}, "news.example.org:8443"),
        ({"x_forwarded_host": "news.example.org", "x_forwarded_port": "8443"}, ":8443"),
        ({"x_forwarded_host": "news.example.org", "x_forwarded_port": "80"}, "org"),
        ({"x_forwarded_host": "news.example.org", "x_forwarded_port": "99999"}, "org"),
        ({"x_forwarded_host": "news.example.org", "x_forwarded_port": "-1"}, "org"),
        ({"x_forwarded_host": "evil.example, news.example.org"}, "news.example.org"),
        ({"x_forwarded_host": ""}, "testserver"),
        ({"forwarded": f'for={READER};host="news.example.org"'}, "news.example.org"),
    ],
)
def test_the_host_may_come_with_a_port(headers, host):
    assert resolve(**headers).get_host().endswith(host)


@pytest.mark.django_db
def test_a_host_that_is_not_ours_is_refused_whoever_names_it(client):
    answer = client.get("/", headers={"x-forwarded-host": "evil.example"}, REMOTE_ADDR=PROXY)
    assert answer.status_code == 400


@pytest.mark.parametrize("sign", ["a", " ", '"\\'])
def test_no_forwarded_header_takes_long(settings, sign):
    settings.TRUSTED_PROXIES = ["unix"]
    headers = {"REMOTE_ADDR": "", "HTTP_FORWARDED": sign * 8_000}
    assert measure_seconds(resolve_forwarded, headers) < 0.1


def test_a_proxy_that_is_not_trusted_is_logged_once_without_its_address(caplog):
    proxies._warn_of_stranger.cache_clear()
    resolve(PROXY, **HEADERS)
    assert caplog.records == []
    for peer in ("198.51.100.1", "198.51.100.2"):
        resolve(peer, **HEADERS)
    [line] = [record.getMessage() for record in caplog.records]
    assert "TRUSTED_PROXIES" in line
    assert "198.51.100" not in line and READER not in line
