"""The networks of a request, stored as keyed hashes only."""

import hashlib
import hmac

from django.conf import settings

from articles.web.networks import find_client_address, name_networks
from comments.models import NetworkKey


def hash_networks(request):
    """Return keyed hashes of the client's networks, the narrowest first; the key changes every
    week."""
    key = bytes.fromhex(NetworkKey.current())
    networks = name_networks(find_client_address(request))
    return [hmac.new(key, name.encode(), hashlib.sha256).hexdigest() for name in networks]


def hash_client(request):
    """Return a keyed hash for the counting of failed logins."""
    return hash_value("login", name_networks(find_client_address(request))[0])


def hash_value(purpose, value):
    """Return the HMAC-SHA256 of a text in hex, under a key made for the purpose."""
    key = hashlib.sha256(f"{purpose}\0{settings.SECRET_KEY}".encode()).digest()
    return hmac.new(key, value.encode(), hashlib.sha256).hexdigest()
