"""The network of a request, stored as a keyed hash only."""

import hashlib
import hmac
import ipaddress

from django.conf import settings

from comments.models import NetworkKey

IPV6_PREFIX = 64  # one household or host


def find_client_address(request):
    """Return the address of the client, or None where there is none (a unix socket).

    Trusted proxies name it; the project puts what they say into ``REMOTE_ADDR``.
    """
    return parse_address(request.META.get("REMOTE_ADDR", ""))


def parse_address(text):
    """Return an IP address, an IPv4 one where IPv6 only wraps it, or None."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def name_network(address):
    """Return the network that counts as one: an IPv4 address, or the /64 of an IPv6 one."""
    if address is None:
        return "none"
    if address.version == 6:
        return str(ipaddress.ip_network((address, IPV6_PREFIX), strict=False))
    return str(address)


def hash_network(request):
    """Return a keyed hash of the client's network; the key changes every week."""
    key = bytes.fromhex(NetworkKey.current())
    network = name_network(find_client_address(request))
    return hmac.new(key, network.encode(), hashlib.sha256).hexdigest()


def hash_client(request):
    """Return a keyed hash for the counting of failed logins."""
    return hash_value("login", name_network(find_client_address(request)))


def hash_value(purpose, value):
    """Return the HMAC-SHA256 of a text in hex, under a key made for the purpose."""
    key = hashlib.sha256(f"{purpose}\0{settings.SECRET_KEY}".encode()).digest()
    return hmac.new(key, value.encode(), hashlib.sha256).hexdigest()
