"""Reads the client, scheme, host and port of a request from the headers of trusted proxies.

Only ``settings.TRUSTED_PROXIES`` are believed, and the client is the right-most address that is
not one of them. Addresses that a client writes itself are further left and are never read. After
``resolve_forwarded`` nothing else reads these headers.
"""

import logging
import re
from functools import lru_cache

from django.conf import settings

from articles.web.networks import parse_address

logger = logging.getLogger(__name__)

FOR, PROTO, HOST, PORT = (f"HTTP_X_FORWARDED_{name}" for name in ("FOR", "PROTO", "HOST", "PORT"))
STANDARD = "HTTP_FORWARDED"  # RFC 7239
DEFAULT_PORTS = {"http": "80", "https": "443"}
MOST_FORWARDED = 1_000  # characters of a ``Forwarded`` header
PAIR = re.compile(r'(?<![a-z])([a-z]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^\s;,"]*)', re.I)
WITH_PORT = re.compile(r"(?:\[([^\]]*)\]|([^:]*))(?::\w+)?")


def resolve_forwarded(meta):
    """Set ``REMOTE_ADDR``, ``wsgi.url_scheme``, ``HTTP_HOST`` and ``SERVER_PORT`` from the headers
    of trusted proxies. Remove the headers."""
    standard = meta.pop(STANDARD, "")
    headers = {name: meta.pop(name) for name in (FOR, PROTO, HOST, PORT) if name in meta}
    if not headers and not standard:
        return
    client = parse_address(meta.get("REMOTE_ADDR", ""))
    if not is_trusted(client):
        _warn_of_stranger()
        return
    said = {name: _split(header) for name, header in headers.items()} or _parse_standard(standard)
    client, hop = _find_client(client, said.get(FOR, []))
    meta["REMOTE_ADDR"] = str(client or "")
    chosen = {name: _choose(values, hop, len(said.get(FOR, []))) for name, values in said.items()}
    _apply(meta, scheme=chosen.get(PROTO), host=chosen.get(HOST), port=chosen.get(PORT))


@lru_cache(1)
def _warn_of_stranger():
    """Warn once in the life of a process, and without the address, which may be a reader's."""
    logger.warning(
        "A peer that TRUSTED_PROXIES does not name sent X-Forwarded-For or the like, which is not"
        " believed. If it is your proxy, all its readers share one address and one limit of logins."
    )


def is_trusted(address):
    """Return whether a peer is one of the proxies; None is a unix socket."""
    if address is None:
        return "unix" in settings.TRUSTED_PROXIES
    return any(address in network for network in settings.TRUSTED_PROXIES if network != "unix")


def _find_client(peer, addresses):
    """Return the client, and which entry from the right was written by the outermost proxy."""
    client, hop = peer, 0
    for text in reversed(addresses):
        if not is_trusted(client) or (address := _parse_node(text)) is None:
            break
        client, hop = address, hop + 1
    return client, max(hop, 1)


def _choose(values, hop, hops):
    """Return the entry of the outermost proxy where each proxy wrote one, else the last one's."""
    return values[-hop if len(values) == hops else -1].lower()


def _apply(meta, *, scheme, host, port):
    if scheme in DEFAULT_PORTS:
        meta["wsgi.url_scheme"] = scheme
    if port and port.isascii() and port.isdigit() and 0 < int(port[:6]) < 65_536:
        meta["SERVER_PORT"] = port
    else:
        port = None
    if host:
        is_bare = not re.search(r":\d*$", host)
        is_default = port in {None, DEFAULT_PORTS.get(meta["wsgi.url_scheme"])}
        meta["HTTP_HOST"] = host if not is_bare or is_default else f"{host}:{port}"


def _parse_standard(header):
    """Return the entries of ``Forwarded`` as those of the other headers. A header that no proxy
    writes, for its length, has none."""
    said = {FOR: [], PROTO: [], HOST: []}
    if len(header) > MOST_FORWARDED:
        return {}
    for element in re.findall(r'(?:"(?:[^"\\]|\\.)*"|[^,"])+', header):
        pairs = {name.lower(): value for name, value in PAIR.findall(element)}
        for variable, name in ((FOR, "for"), (PROTO, "proto"), (HOST, "host")):
            said[variable].append(re.sub(r"\\(.)", r"\1", pairs.get(name, "").strip('"')))
    return {name: values for name, values in said.items() if values}


def _split(header):
    return [part.strip() for part in header.split(",")]


def _parse_node(text):
    """Return the address of a hop, which may be written with a port, or None."""
    parts = WITH_PORT.fullmatch(text)
    return parse_address(text) or (parts and parse_address(parts[1] or parts[2] or ""))
