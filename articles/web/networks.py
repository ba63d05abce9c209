"""The network of a request, from the address of its client."""

import hmac
import ipaddress

NAT64 = ipaddress.ip_network("64:ff9b::/96")  # addresses of IPv4, for hosts without it (RFC 6052)
IPV6_PREFIXES = (64, 56, 48)  # a household or host, a site, all that one customer gets


def find_client_address(request):
    """Return the address of the client, or None for a client on a Unix socket.

    The project has set ``REMOTE_ADDR`` to the address that trusted proxies name.
    """
    return parse_address(request.META.get("REMOTE_ADDR", ""))


def parse_address(text):
    """Return an IP address, or None; an IPv4-mapped IPv6 address becomes the IPv4 address."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def is_public(address):
    """Return whether an IP address is one of the internet; so must be one that is inside it."""
    inner = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None)
    if address in NAT64:
        inner = ipaddress.IPv4Address(address.packed[-4:])
    return address.is_global and not address.is_multicast and (inner is None or is_public(inner))


def name_networks(address):
    """Return the networks that an address is in, the narrowest first.

    They are the /64, the /56 and the /48 around an IPv6 address: the holder of a wide network also
    holds the narrower ones in it. An IPv4 address is the only network of its own.
    """
    if address is None:
        return ["none"]
    if address.version == 4:
        return [str(address)]
    networks = (ipaddress.ip_network((address, prefix), strict=False) for prefix in IPV6_PREFIXES)
    return [str(network) for network in networks]


def hash_text(key, text):
    """Return the HMAC-SHA256 of a text in hex."""
    return hmac.digest(key, text.encode(), "sha256").hex()
