"""Where a request comes from, as far as this site wants to know."""

import hashlib
import hmac
import ipaddress

from django.conf import settings

from comments.models import NetworkKey

IPV6_PREFIX = 64  # one household or host


def client_address(request):
    """Return the address of the client, or None where there is none (a unix socket).

    ``X-Forwarded-For`` is believed from the right, as far as the hops are ``TRUSTED_PROXIES``;
    the first one that is not is the client. What a client writes into the header itself stands
    further left and is never reached.
    """
    hop = _address(request.META.get("REMOTE_ADDR", ""))
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    while _is_trusted(hop) and forwarded:
        before = _address(forwarded.pop().strip())
        if before is None:
            break
        hop = before
    return hop


def network_of(address):
    """Return the network that counts as one: an IPv4 address, or the /64 of an IPv6 one."""
    if address is None:
        return "none"
    if address.version == 6:
        return str(ipaddress.ip_network((address, IPV6_PREFIX), strict=False))
    return str(address)


def network_hash(request):
    """Return a keyed hash of the client's network; the key changes every week."""
    key = bytes.fromhex(NetworkKey.current())
    network = network_of(client_address(request))
    return hmac.new(key, network.encode(), hashlib.sha256).hexdigest()


def hashed_client(request):
    """Return a keyed hash for the counting of failed logins."""
    return keyed_hash("login", network_of(client_address(request)))


def keyed_hash(purpose, value):
    """Return the HMAC-SHA256 of a text in hex, under a key made for the purpose."""
    key = hashlib.sha256(f"{purpose}\0{settings.SECRET_KEY}".encode()).digest()
    return hmac.new(key, value.encode(), hashlib.sha256).hexdigest()


def _address(text):
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _is_trusted(address):
    if address is None:
        return "unix" in settings.TRUSTED_PROXIES
    return any(address in network for network in settings.TRUSTED_PROXIES if network != "unix")
