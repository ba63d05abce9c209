"""Media files from the app itself, for sites without a server in front that does it."""

import errno

from django.conf import settings
from django.http import Http404
from django.views.decorators.http import require_safe
from django.views.static import serve

YEAR = 31_536_000  # seconds


@require_safe
def media(request, path):
    """Answer with a file of the media library. Its name never returns with other content, so it
    may be kept for a year; it is never run as a page of this site."""
    try:
        response = serve(request, path, document_root=settings.MEDIA_ROOT)
    except OSError as error:
        if error.errno != errno.ENAMETOOLONG:
            raise
        raise Http404 from error
    response["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"  # feed readers show the pictures
    return response
