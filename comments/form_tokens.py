"""Form tokens show how long a form was open, for which place, and which form it was.

The cached page holds none: a script fetches one at the first focus. The reply page holds one.
Without a cookie, the token shows that the same form was sent twice.
"""

import hashlib
import secrets
import time
import uuid

from django.conf import settings
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner, b62_encode


class _Signer(TimestampSigner):
    age = 0  # seconds

    def timestamp(self):
        return b62_encode(int(time.time()) - self.age)


_SIGNER = _Signer(salt="comments.form")


def make_token(article_id, parent_id=None, *, is_ripe=False):
    """Return a token for a form under an article, or under one of its comments, from now on.

    ``is_ripe``: for a form whose text was already sent once, so that nobody waits twice.
    """
    signer = _Signer(salt=_SIGNER.salt)
    signer.age = settings.COMMENT_RULES["token"][0] if is_ripe else 0
    return signer.sign(f"{_name_place(article_id, parent_id)}:{secrets.token_urlsafe(12)}")


def name_submission(token, text):
    """Return the ID of a text sent in a form; None without a token of ours."""
    try:
        form = _SIGNER.unsign(token)
    except BadSignature:
        return None
    digest = hashlib.sha256(f"{form} {text}".encode()).digest()
    return uuid.UUID(bytes=digest[:16])


def token_state(token, article_id, parent_id=None):
    """Return the state of a token in this place now: absent, good, early, expired or forged."""
    if not token:
        return "absent"
    youngest, oldest = settings.COMMENT_RULES["token"]
    try:
        place = _SIGNER.unsign(token, max_age=oldest)
    except SignatureExpired:
        return "expired"
    except BadSignature:
        return "forged"
    if place.rpartition(":")[0] != _name_place(article_id, parent_id):
        return "forged"
    try:
        _SIGNER.unsign(token, max_age=youngest)
    except SignatureExpired:
        return "good"
    return "early" if settings.COMMENT_LIMITS else "good"


def _name_place(article_id, parent_id):
    return f"{article_id}:{parent_id or 0}"
