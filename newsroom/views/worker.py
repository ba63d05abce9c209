"""The service worker of the site, which must have an address at the root, and the page that it
shows without a network."""

import json
import re

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from articles.web.addresses import build_fixed_path
from newsroom.middleware import STAFF_PATHS

SCRIPTS = ["js/push-worker.js", "js/offline-worker.js"]
PARTS = ["css/site.css", "css/pages.css", "js/header.js", "js/wake.js"]
PARTS += ["img/icon.svg", "img/icons.svg"]
ANY = "_slug_"


@require_safe
def worker(request):
    """Return the worker: what it knows of this release, and a line that loads its parts, whose
    addresses change with their texts."""
    article = re.escape(reverse("articles:detail", args=[ANY])).replace(ANY, "[^/]+")
    site = {
        "release": settings.RELEASE,
        "offline": build_fixed_path("offline"),
        "parts": [static(part) for part in PARTS],
        "articles": f"^{article}$",
        "apart": [*STAFF_PATHS],
    }
    addresses = ", ".join(json.dumps(static(script)) for script in SCRIPTS)
    text = f"self.site = {json.dumps(site)};\nimportScripts({addresses});\n"
    response = HttpResponse(text, content_type="text/javascript")
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
@cache_control(public=True, max_age=3_600)
def offline(request):
    """Say that there is no network. Browsers keep the page for then."""
    return render(request, "offline.html")
