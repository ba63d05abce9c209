"""The networks of a request, stored as keyed hashes only."""

import hashlib

from django.conf import settings

from articles.models import NetworkKey
from articles.web.networks import find_client_address, hash_text, name_networks


def list_networks(request):
    """Return the names of the client's networks, the narrowest first. They are never stored."""
    return name_networks(find_client_address(request))


def hash_networks(networks):
    """Return keyed hashes of networks; the key changes every week."""
    key = NetworkKey.derive("comments")
    return [hash_text(key, name) for name in networks]


def hash_value(purpose, value):
    """Return the HMAC-SHA256 of a text in hex, under a key made for the purpose."""
    key = hashlib.sha256(f"{purpose}\0{settings.SECRET_KEY}".encode()).digest()
    return hash_text(key, value)
