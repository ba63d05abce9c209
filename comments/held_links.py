"""Links that show a held comment to its writer, for browsers that keep no cookie.

The link holds a signature of the comment's key, so nobody guesses it. It shows the comment and
changes nothing.
"""

from urllib.parse import urlencode

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner

PARAMETER = "held"
MOST = 20  # of one request
_SIGNER = TimestampSigner(salt="comments.held")


def sign_held(comment, writer):
    """Return the signature of a held comment for a writer who sent no cookie; else an empty one."""
    return _SIGNER.sign(comment.pk) if comment.is_held and writer.new_key else ""


def build_address(comment, signature):
    """Return the address of a comment's page, with a signature if there is one."""
    query = f"?{urlencode({PARAMETER: signature})}" if signature else ""
    return f"{comment.get_absolute_url()}{query}"


def read_signatures(request):
    """Return the signatures of a request that are valid, as {primary key: signature}."""
    valid = {}
    for signature in request.GET.getlist(PARAMETER)[:MOST]:
        try:
            pk = _SIGNER.unsign(signature, max_age=settings.COMMENT_RULES["held_link"])
        except BadSignature:
            continue
        valid[int(pk)] = signature
    return valid
