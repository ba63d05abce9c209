"""Media files, for sites without a web server that serves them."""

import errno

from django.conf import settings
from django.http import Http404
from django.views.decorators.http import require_safe
from django.views.static import serve

MAX_AGE = 3_600  # seconds


@require_safe
def media(request, path):
    """Answer with a file of the media library.

    Browsers never run it as a page. They may cache it for an hour, and ask then whether it has
    changed: a file that is replaced keeps its address.
    """
    try:
        response = serve(request, path, document_root=settings.MEDIA_ROOT)
    except OSError as error:
        if error.errno != errno.ENAMETOOLONG:
            raise
        raise Http404 from error
    response["Cache-Control"] = f"public, max-age={MAX_AGE}"
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"  # feed readers show the pictures
    return response
