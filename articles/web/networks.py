"""The network of a request, from the address of its client."""

import ipaddress

IPV6_PREFIXES = (64, 56, 48)  # one household or host, a site, what a provider gives one customer


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


def name_networks(address):
    """Return the networks that an address is in, the narrowest first.

    An IPv6 address is in a /64 in a /56 in a /48: whoever has one of the wider ones has all the
    narrower ones in it. An IPv4 address stands for itself.
    """
    if address is None:
        return ["none"]
    if address.version == 4:
        return [str(address)]
    networks = (ipaddress.ip_network((address, prefix), strict=False) for prefix in IPV6_PREFIXES)
    return [str(network) for network in networks]
