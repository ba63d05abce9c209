"""Media files, for sites without a web server that serves them."""

import errno

from django.conf import settings
from django.http import Http404
from django.views.decorators.http import require_safe
from django.views.static import serve

YEAR = 31_536_000  # seconds


@require_safe
def media(request, path):
    """Answer with a file of the media library.

    Browsers may cache it for a year, as its content never changes, and never run it as a page.
    """
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
