"""The networks of a client: how they nest, and how little of them is stored."""

import ipaddress

import pytest
from django.test import RequestFactory

from articles.web.networks import find_client_address, name_networks
from comments.network import hash_networks, list_networks


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


def networks_of(*addresses):
    """The networks of several addresses, one set for each width."""
    named = [name_networks(ipaddress.ip_address(address)) for address in addresses]
    return [set(names) for names in zip(*named, strict=True)]


def test_a_household_is_one_network():
    networks = networks_of(*(f"2001:db8::{n}" for n in range(1, 9)))
    assert networks == [{"2001:db8::/64"}, {"2001:db8::/56"}, {"2001:db8::/48"}]
    assert name_networks(None) == ["none"]


def test_narrow_networks_are_in_wider_ones():
    hosts = [f"2001:db8:5:{site:02x}{host:02x}::1" for site in range(4) for host in range(8)]
    assert [len(names) for names in networks_of(*hosts)] == [32, 4, 1]


def test_an_ipv4_address_stands_for_itself():
    assert name_networks(ipaddress.ip_address("192.0.2.1")) == ["192.0.2.1"]


@pytest.mark.django_db
def test_a_network_hash_tells_nothing_of_the_address():
    request = RequestFactory().get("/", REMOTE_ADDR="2001:db8::1")
    hashes = hash_networks(list_networks(request))
    assert [len(each) for each in hashes] == [64] * 3
    assert len(set(hashes)) == 3
