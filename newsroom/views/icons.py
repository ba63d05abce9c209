"""Small files at the root of the site: icons that browsers ask for by themselves, the manifest of
the site as an application, and the key of IndexNow."""

from django.conf import settings
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from articles.web.addresses import build_fixed_path

DAY = 86_400  # seconds
PAPER = "#fbfaf7"  # --paper of tokens.css, light
ICONS = {"img/icon-192.png": "192x192", "img/logo.png": "512x512"}


@require_safe
@cache_control(public=True, max_age=DAY)
def icon(request, name):
    """Redirect from the address that a browser knows to that of the file of this release."""
    return redirect(static(f"img/{name}"))


@require_safe
@cache_control(public=True, max_age=DAY)
def manifest(request):
    """Return the web application manifest (W3C): name, colours and icons on a home screen."""
    home = build_fixed_path("home")
    return JsonResponse(
        {
            "id": home,
            "name": settings.SITE_NAME,
            "short_name": settings.SITE_NAME,
            "lang": settings.LANGUAGE_CODE,
            "dir": "ltr",
            "start_url": home,
            "scope": home,
            "display": "minimal-ui",
            "theme_color": PAPER,
            "background_color": PAPER,
            "icons": [
                {"src": static(path), "sizes": sizes, "type": "image/png", "purpose": purpose}
                for path, sizes in ICONS.items()
                for purpose in ("any", "maskable")
            ],
        },
        content_type="application/manifest+json",
    )


@require_safe
def indexnow_key(request, key):
    """Return the key by which search engines know that announcements are this site's."""
    if not settings.INDEXNOW_KEY or key != settings.INDEXNOW_KEY:
        raise Http404("No such key")
    return HttpResponse(key, content_type="text/plain; charset=utf-8")
