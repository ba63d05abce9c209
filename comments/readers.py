"""Readers without accounts, identified by one cookie that the first post or vote sets."""

import base64
import hashlib
import secrets
from dataclasses import dataclass, field, replace

from django.conf import settings

from comments.network import hash_networks, hash_value, list_networks

COOKIE = "__Host-reader" if settings.HTTPS else "reader"
YEAR = 31_536_000  # seconds
CODE_LENGTH = 8  # base64 characters of the ID: 48 bits


@dataclass(frozen=True)
class Reader:
    """The hashes of a request's reader key and of its networks; all may be empty.

    ``network_hash`` is that of the narrowest network, ``wide_hashes`` those of the networks around
    it. ``new_key`` is the key for the response, if the request had none. ``networks`` are the names
    of the networks, for bans; they are never stored.
    """

    hash: str = ""
    network_hash: str = ""
    new_key: str = ""
    wide_hashes: tuple = ()
    networks: tuple = field(default=(), repr=False)

    @property
    def network_hashes(self):
        """The hashes of the /64, the /56 and the /48. An IPv4 address stands for all three."""
        return self.network_hash, *(self.wide_hashes or [self.network_hash] * 2)

    def code_for(self, article_id):
        """Return the ID shown beside this reader's comments on one article, unlinkable between
        articles: 48 bits of a keyed hash."""
        if not self.hash:
            return ""
        digest = bytes.fromhex(hash_value("reader code", f"{article_id} {self.hash}"))
        return base64.urlsafe_b64encode(digest)[:CODE_LENGTH].decode()

    def remember(self, response):
        """Set the cookie of a new key."""
        if self.new_key:
            response.set_cookie(
                COOKIE,
                self.new_key,
                max_age=YEAR,
                secure=settings.HTTPS,
                httponly=True,
                samesite="Lax",
            )
        return response


def identify_reader(request):
    """Return the reader of a request's cookie; without a cookie, one without a hash."""
    key = request.COOKIES.get(COOKIE, "")
    networks = list_networks(request)
    network_hash, *wide_hashes = hash_networks(networks)
    return Reader(
        hash=hash_key(key),
        network_hash=network_hash,
        wide_hashes=tuple(wide_hashes),
        networks=tuple(networks),
    )


def identify_writer(request):
    """Return the reader who posts or votes; without a cookie, one with a new key."""
    reader = identify_reader(request)
    if reader.hash:
        return reader
    key = secrets.token_urlsafe(32)
    return replace(reader, hash=hash_key(key), new_key=key)


def hash_key(key):
    """Return the hash that the database stores of a reader key; empty if it is malformed."""
    if not 20 <= len(key) <= 100 or not key.isascii():
        return ""
    return hashlib.sha256(f"reader {key}".encode()).hexdigest()
