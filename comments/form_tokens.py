"""Form tokens: how long a form was open, and for which place.

The cached page holds none; a script fetches one at the first focus, the reply page carries one.
"""

from django.conf import settings
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner

_SIGNER = TimestampSigner(salt="comments.form")


def make_token(article_id, parent_id=None):
    """Return a token for a form under an article, or under one of its comments, from now on."""
    return _SIGNER.sign(_place(article_id, parent_id))


def token_state(token, article_id, parent_id=None):
    """Return what a token is worth here and now: absent, good, early, expired or forged."""
    if not token:
        return "absent"
    youngest, oldest = settings.COMMENT_RULES["token"]
    try:
        place = _SIGNER.unsign(token, max_age=oldest)
    except SignatureExpired:
        return "expired"
    except BadSignature:
        return "forged"
    if place != _place(article_id, parent_id):
        return "forged"
    try:
        _SIGNER.unsign(token, max_age=youngest)
    except SignatureExpired:
        return "good"
    return "early" if settings.COMMENT_LIMITS else "good"


def _place(article_id, parent_id):
    return f"{article_id}:{parent_id or 0}"
