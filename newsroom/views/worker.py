"""The service worker of the site, which must have an address at the root."""

from django.http import HttpResponse
from django.templatetags.static import static
from django.views.decorators.http import require_safe

PARTS = ["js/push-worker.js"]


@require_safe
def worker(request):
    """Return the worker: a line that loads its parts, whose addresses change with their texts."""
    addresses = ", ".join(f'"{static(part)}"' for part in PARTS)
    response = HttpResponse(f"importScripts({addresses});\n", content_type="text/javascript")
    response["Cache-Control"] = "no-cache"
    return response
