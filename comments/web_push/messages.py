"""Encrypted messages (RFC 8291, RFC 8188) and the signature of their sender (VAPID, RFC 8292)."""

import base64
import json
import os
import struct
from functools import cache
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

CURVE = ec.SECP256R1()
RECORD = 4096  # bytes: the largest message that every push service takes
LARGEST = RECORD - 103  # bytes of a text: without header, padding and tag
SECRET = 16  # bytes of ``auth``
LIFE = 12 * 3600  # seconds of a signature; services refuse more than 24 hours


def encode(raw):
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode(text):
    """Return the bytes of a text in base64url, with or without padding; raises ``ValueError``."""
    padded = text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4)
    return base64.b64decode(padded.translate(str.maketrans("-_", "+/")), validate=True)


def make_private_key():
    """Return a new private key of a sender, in base64url."""
    number = ec.generate_private_key(CURVE).private_numbers().private_value
    return encode(number.to_bytes(32, "big"))


def load_private_key(text):
    """Return the key that a text holds; raises ``ValueError``."""
    raw = decode(text)
    if len(raw) != 32:
        raise ValueError("a private key has 32 bytes")
    return ec.derive_private_key(int.from_bytes(raw, "big"), CURVE)


def load_public_key(text):
    """Return the key of a browser; raises ``ValueError`` if it is no point of the curve."""
    return ec.EllipticCurvePublicKey.from_encoded_point(CURVE, decode(text))


def dump_public_key(key):
    """Return the public key of a private one as browsers take it."""
    return encode(_dump_point(key.public_key()))


@cache
def read_public_key(private_key):
    """Return the public key of a private one in base64url; empty without one."""
    return dump_public_key(load_private_key(private_key)) if private_key else ""


def encrypt(text, *, p256dh, auth, salt=None, key=None):
    """Return the body of a message for a browser with these keys. ``salt`` and ``key`` are random
    unless they are given."""
    if len(text) > LARGEST:
        raise ValueError("the message is too long")
    salt, key = salt or os.urandom(16), key or ec.generate_private_key(CURVE)
    theirs, ours = load_public_key(p256dh), _dump_point(key.public_key())
    info = b"WebPush: info\0" + _dump_point(theirs) + ours
    shared = _derive(key.exchange(ec.ECDH(), theirs), decode(auth), info, 32)
    content_key = _derive(shared, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derive(shared, salt, b"Content-Encoding: nonce\0", 12)
    header = salt + struct.pack("!IB", RECORD, len(ours)) + ours
    return header + AESGCM(content_key).encrypt(nonce, text + b"\x02", None)


def sign(endpoint, *, key, subject, now):
    """Return the header ``Authorization`` that names the sender to one push service. ``subject`` is
    an address that the service can write to, ``now`` a time in seconds."""
    service = urlsplit(endpoint)
    claims = {
        "aud": f"{service.scheme}://{service.netloc}",
        "exp": int(now) + LIFE,
        "sub": subject,
    }
    head = {"typ": "JWT", "alg": "ES256"}
    signed = ".".join(encode(json.dumps(part).encode()) for part in (head, claims))
    r, s = decode_dss_signature(key.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
    signature = encode(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
    return f"vapid t={signed}.{signature}, k={dump_public_key(key)}"


def _derive(secret, salt, info, length):
    return HKDF(hashes.SHA256(), length=length, salt=salt, info=info).derive(secret)


def _dump_point(key):
    forms = serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    return key.public_bytes(*forms)
