"""Middleware for headers, bad input, the language, and the session and marker of the staff."""

from http import HTTPStatus
from time import time

from csp.constants import HEADER
from csp.middleware import CheckableLazyObject, CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.contrib.admin.options import TO_FIELD_VAR
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.backends.base import UpdateError
from django.core.exceptions import BadRequest
from django.db import DatabaseError
from django.dispatch import receiver
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.utils.functional import cached_property
from django.utils.translation import get_language_from_request

from newsroom.error_pages import render_error_page
from newsroom.incoming import refuse_fault
from newsroom.number_faults import is_number_fault
from newsroom.security_headers import EMBEDDING, PERMISSIONS

ADMIN_PATH = "/admin/"
STAFF_PATHS = (ADMIN_PATH, "/moderation/")
LONGEST_SEARCH = 500  # characters of a search in the admin
STAFF_MARKER = "staff"
RENEWED_AT = "renewed_at"  # in the session, in Unix seconds
RENEWALS = 48  # of a session in the time after which an idle one ends
# What a page becomes that is no longer there. The nginx of newsroom/deploy keeps that for a second,
# so that it takes the place of the page in its cache; it does not pass the header on.
ENDINGS = {301, 302, 404, 410}
NGINX_KEEPS = "X-Accel-Expires"
POLLS = {  # sent by an open page without its user
    *("comments:claim", "comments:release"),
    *("admin:articles_article_presence", "admin:articles_article_presence_new"),
    "admin:newsroom_importjob_progress",
}


class BrowserPolicyMiddleware:
    """Forbid unused browser features and embedding by other sites. A view may set other headers."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", EMBEDDING)
        return response


def has_nul(request):
    """Whether the address holds a NUL byte, which no database takes."""
    return "\0" in request.path or "%00" in request.META.get("QUERY_STRING", "")


def takes_any_text(view):
    """Decorate a view that accepts any query, also with a NUL byte."""
    view.takes_any_text = True
    return view


class ContentPolicyMiddleware(CSPMiddleware):
    """Set the Content-Security-Policy. It is built once for all responses that change nothing in
    it and hold no nonce."""

    CHANGES = ("config", "update", "replace", "exempt")

    @cached_property
    def _policy(self):
        return build_policy()

    def process_response(self, request, response):
        is_changed = any(hasattr(response, f"_csp_{change}") for change in self.CHANGES)
        if is_changed or hasattr(request, "_csp_nonce") or settings.DEBUG:
            return super().process_response(request, response)
        response.headers.setdefault(HEADER, self._policy)
        request.csp_nonce = CheckableLazyObject(self._csp_nonce_post_response)
        return response


class SafeInputMiddleware:
    """Answer 400 to an unreadable request, to an address with a NUL byte and to a number that the
    database cannot take, and a page of ours to a method that a view does not take. Forbid caches to
    store any error."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and not response.content:
            response.content = render_error_page(response.status_code)  # Django sends none
            response.headers["Content-Length"] = str(len(response.content))
        if not response.has_header("Cache-Control"):
            if response.status_code in ENDINGS:
                response[NGINX_KEEPS] = "1"  # before the other header, or nginx ignores it
            if response.status_code >= 400:
                patch_cache_control(response, private=True, no_store=True)
        return response

    def process_view(self, request, view, args, kwargs):
        refuse_unsafe(request, view)

    def process_exception(self, request, exception):
        if is_number_fault(exception, request):
            raise BadRequest("A number is out of range") from exception


def refuse_unsafe(request, view):
    """Raise BadRequest for a request that its view need not expect."""
    refuse_fault(request)
    if has_nul(request) and not getattr(view, "takes_any_text", False):
        raise BadRequest("NUL in the address")
    if request.path.startswith(ADMIN_PATH):
        refuse_admin_query(request)


def refuse_admin_query(request):
    """Raise BadRequest for parameters on which Django's admin fails: words of a search that no
    SQL statement can hold, and the name of a field (``_to_field``) that is empty."""
    if any(len(request.GET.get(name, "")) > LONGEST_SEARCH for name in ("q", "term")):
        raise BadRequest("The search is too long")
    if "" in (request.GET.get(TO_FIELD_VAR), request.POST.get(TO_FIELD_VAR)):
        raise BadRequest("The field has no name")


class LanguageMiddleware:
    """Activate the site's language on public pages, the browser's in the admin."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        language = settings.LANGUAGE_CODE
        if request.path.startswith(STAFF_PATHS):
            language = get_language_from_request(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            return self.get_response(request)


class SessionIdleMiddleware:
    """Renew the session of staff at work. One that is idle for SESSION_IDLE_HOURS ends."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        is_work = request.path.startswith(STAFF_PATHS) and request.user.is_authenticated
        match = request.resolver_match
        if is_work and match and match.view_name not in POLLS:
            renew_session(request.session)
        return response


def renew_session(session):
    """Let a session begin its time again, at most every few minutes. A database that is read-only
    or has just lost the session does not stop the request."""
    now = int(time())
    if now - session.get(RENEWED_AT, 0) < settings.SESSION_COOKIE_AGE / RENEWALS:
        return
    session[RENEWED_AT] = now
    try:
        session.save()  # and once more with the cookie, by Django's middleware
    except (DatabaseError, UpdateError):
        session.modified = False


@receiver(user_logged_in)
def date_session(request, **kwargs):
    request.session[RENEWED_AT] = int(time())


class StaffMarkerMiddleware:
    """Set a cookie by which the script of a page knows that staff is signed in.

    It grants nothing: the script then asks for the moderator's fragment, which checks the session.
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
