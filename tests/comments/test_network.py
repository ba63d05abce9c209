"""The client's address cannot be forged, and is nowhere stored."""

import ipaddress

import pytest
from django.test import RequestFactory

from comments.network import find_client_address, hash_network, name_network


@pytest.mark.parametrize(
    ("peer", "client"),
    [
        ("198.51.100.1", "198.51.100.1"),
        ("::ffff:198.51.100.1", "198.51.100.1"),
        ("2001:db8::1", "2001:db8::1"),
        ("", "None"),
    ],
)
def test_the_client_is_the_resolved_peer(peer, client):
    request = RequestFactory().get("/", REMOTE_ADDR=peer, HTTP_X_FORWARDED_FOR="203.0.113.9")
    assert str(find_client_address(request)) == client


def test_a_household_is_one_network():
    networks = {name_network(ipaddress.ip_address(f"2001:db8::{n}")) for n in range(1, 9)}
    assert networks == {"2001:db8::/64"}
    assert name_network(None) == "none"


@pytest.mark.django_db
def test_a_network_hash_tells_nothing_of_the_address():
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.1")
    assert len(hash_network(request)) == 64
