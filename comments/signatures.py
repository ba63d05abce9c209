"""Signatures: names with a secret, and the tripcodes made from it."""

import base64
import hashlib
import hmac
import re
import unicodedata

from django.conf import settings

from comments.characters import tidy_name

# The number sign, its compatible forms (NFKC), and characters that look like it (UTS #39).
_SECRET_MARK = re.compile("[#＃﹟♯⌗⋕⧣⧤⧥⩨⩩]")


def split_name(typed):
    """Split a typed name at the first number sign of any form: (name, secret).

    Do this before anything else: a secret is neither shown nor judged.
    """
    name, *secret = _SECRET_MARK.split(typed, maxsplit=1)
    return tidy_name(name), "".join(secret)


def split_signature(typed):
    """Split a typed name into (name, tripcode).

    ``name#secret`` gives a tripcode: ten characters of scrypt (RFC 7914; n 2^14, r 8, p 1) of the
    secret in NFC, about 50 ms on purpose. ``◆`` marks a tripcode, so no name holds it.
    """
    name, secret = split_name(typed)
    name = name.replace("◆", "◇")
    if not secret:
        return name, ""
    salt = hmac.new(settings.SECRET_KEY.encode(), b"tripcode", hashlib.sha256).digest()
    secret = unicodedata.normalize("NFC", secret).encode()
    digest = hashlib.scrypt(secret, salt=salt, n=2**14, r=8, p=1, dklen=9)
    return name, base64.b64encode(digest, altchars=b"./").decode()[:10]
