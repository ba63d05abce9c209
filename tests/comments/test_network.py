"""The client's address cannot be forged, and is nowhere stored."""

import ipaddress

import pytest
from django.test import RequestFactory

from comments.network import find_client_address, hash_network, name_network

PROXIES = ["unix", ipaddress.ip_network("10.0.0.0/8"), ipaddress.ip_network("fd00::/8")]


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("198.51.100.1", "", "198.51.100.1"),
        ("198.51.100.1", "203.0.113.9", "198.51.100.1"),
        ("10.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "192.0.2.66, 203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "192.0.2.66, 203.0.113.9, 10.9.9.9", "203.0.113.9"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "nonsense", "10.0.0.1"),
        ("10.0.0.1", "203.0.113.9, nonsense, 10.9.9.9", "10.9.9.9"),
        ("", "203.0.113.9", "203.0.113.9"),
        ("fd00::1", "2001:db8::5", "2001:db8::5"),
        ("::ffff:10.0.0.1", "::ffff:203.0.113.9", "203.0.113.9"),
    ],
)
def test_the_client_is_the_first_hop_that_is_no_proxy(settings, peer, forwarded, client):
    settings.TRUSTED_PROXIES = PROXIES
    request = RequestFactory().get("/", REMOTE_ADDR=peer, HTTP_X_FORWARDED_FOR=forwarded)
    assert str(find_client_address(request)) == client


def test_without_proxies_the_header_is_ignored(settings):
    settings.TRUSTED_PROXIES = []
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="1.2.3.4")
    assert str(find_client_address(request)) == "10.0.0.1"


def test_a_household_is_one_network():
    networks = {name_network(ipaddress.ip_address(f"2001:db8::{n}")) for n in range(1, 9)}
    assert networks == {"2001:db8::/64"}
    assert name_network(None) == "none"


@pytest.mark.django_db
def test_a_network_hash_tells_nothing_of_the_address():
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.1")
    assert len(hash_network(request)) == 64
