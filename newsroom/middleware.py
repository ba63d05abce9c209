"""What every request passes through."""

from django.conf import settings
from django.core.exceptions import BadRequest
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language_from_request

STAFF_PATHS = ("/admin/", "/moderation/")
STAFF_MARKER = "staff"


# What no page of the site uses, its own or one that were framed in it.
PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in (
        *("accelerometer", "browsing-topics", "camera", "display-capture", "geolocation"),
        *("gyroscope", "magnetometer", "microphone", "midi", "payment", "usb"),
    )
)


class BrowserPolicyMiddleware:
    """Tell browsers, with every answer, what no page may use and that other sites may embed
    nothing. A view that is there to be embedded says otherwise."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


def refuse_bad_input(request):
    """Raise BadRequest for a NUL byte in the address: no database takes it."""
    if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
        raise BadRequest("NUL in the address")


def takes_any_text(view):
    """Decorate a view that reads words out of any query, also where it holds a NUL byte."""
    view.takes_any_text = True
    return view


class SafeInputMiddleware:
    """Answer 400 where an address holds a NUL byte; let no cache keep an answer that says what
    went wrong."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.status_code >= 400 and not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_store=True)
        return response

    def process_view(self, request, view, args, kwargs):
        if not getattr(view, "takes_any_text", False):
            refuse_bad_input(request)


class LanguageMiddleware:
    """The public speaks the site's language, the admin its user's."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        language = settings.LANGUAGE_CODE
        if request.path.startswith(STAFF_PATHS):
            language = get_language_from_request(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            return self.get_response(request)


class StaffMarkerMiddleware:
    """Keep a cookie that tells the page's script, and nobody else, that staff is signed in.

    It holds no secret and no right: it only lets the script ask for the moderator's fragment.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if not request.path.startswith(STAFF_PATHS):
            return response
        signed_in = request.user.is_authenticated
        if signed_in and STAFF_MARKER not in request.COOKIES:
            response.set_cookie(
                STAFF_MARKER, "1", secure=settings.HTTPS, samesite="Lax", max_age=31_536_000
            )
        elif not signed_in and STAFF_MARKER in request.COOKIES:
            response.delete_cookie(STAFF_MARKER)
        return response
