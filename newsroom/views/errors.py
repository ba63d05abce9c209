"""Error pages."""

import logging
import sys

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.db import DatabaseError, InterfaceError
from django.http import JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import requires_csrf_token

from articles.models import Article
from articles.web.origin import comes_from_site
from articles.web.outages import Outage, find_outage
from comments.views.resending import is_own_form, offer_resending
from newsroom.kept_forms import asks_for_json, read_form
from newsroom.middleware import ADMIN_PATH, STAFF_PATHS
from newsroom.views.login import read_kept, render_login
from newsroom.views.send_again import offer_again

logger = logging.getLogger(__name__)

NEWEST = 5  # articles listed on the page for an unknown address


@requires_csrf_token
def bad_request(request, exception):
    try:
        return render(request, "400.html", status=400)
    except (DatabaseError, InterfaceError):  # of the categories in its head
        title = _("This request could not be read")
        text = _("The address or the data sent is not valid. Please go back and try again.")
        context = {"code": 400, "title": title, "text": text}
        return _render_alone("503.html", context, status=400)


@requires_csrf_token
def permission_denied(request, exception):
    return render(request, "403.html", status=403)


@requires_csrf_token
def refuse_stale_form(request, reason=""):
    """Answer a staff form whose token is old: its page was opened before the last login. A form
    can be sent again."""
    if not request.path.startswith(ADMIN_PATH):
        if is_own_form(request):
            return offer_resending(request)
    elif asks_for_json(request) and comes_from_site(request):
        return JsonResponse({"token": get_token(request)}, status=403)
    elif request.path == reverse("admin:login") and comes_from_site(request):
        return render_login(request, read_kept(request), is_stale=True)
    elif form := read_form(request):
        if admin.site.has_permission(request):
            return offer_again(request, form, status=403)
        return render_login(request, form.pack())
    return render(request, "403_csrf.html", status=403)


@requires_csrf_token
def not_found(request, exception):
    newest = Article.objects.listed().newest_first().for_list()[:NEWEST]
    return render(request, "404.html", {"newest": newest}, status=404)


@requires_csrf_token
def server_error(request):
    """Answer without queries and context: either may have caused the error. Django calls this
    while it handles the exception."""
    outage = find_outage(sys.exc_info()[1])
    if outage:
        return render_outage(request, outage)
    context = {"path": request.get_full_path()}
    if request.path.startswith(STAFF_PATHS):
        context["fields"] = _read_fields(request)
    return _render_alone("500.html", context, status=500)


def render_outage(request, outage):
    """Return status 503 in the words of the paper, with the text that a form sent. A form of the
    staff can be sent again from there: browsers do not always restore it."""
    title, text = _describe(outage)
    context = {"code": 503, "title": title, "text": text, "path": request.get_full_path()}
    if request.path.startswith(STAFF_PATHS):
        context["fields"] = _read_fields(request)
    else:
        context["kept"] = _read_text(request)
    response = _render_alone("503.html", context, status=503)
    response["Retry-After"] = outage.retry_after
    return response


def _render_alone(template, context, *, status):
    """Render a page without queries, and without style where no static files were collected."""
    context = {"site_name": settings.SITE_NAME, **context}
    try:
        return render(None, template, context, status=status)
    except ValueError:
        logger.error("The static files are missing. Run manage.py collectstatic --noinput")
        return render(None, "unstyled.html", context, status=status)


def _describe(outage):
    if outage is Outage.READ_ONLY:
        return _("Read-only for the moment"), _(
            "You can read everything, but nothing can be posted, voted on or changed. Please try"
            " again in a few minutes."
        )
    if outage is Outage.BUSY:
        return _("Very busy at the moment"), _("Please try again in a few seconds.")
    return _("Back in a moment"), _(
        "The site cannot reach its articles and comments. Please try again in a few minutes."
    )


def _read_fields(request):
    """Return the fields of a form, unless it holds a password or files."""
    try:
        is_kept = request.method == "POST" and is_own_form(request)
        fields = list(request.POST.lists()) if is_kept else []
    except (BadRequest, SuspiciousOperation, OSError):
        return []
    if any("password" in name for name, _values in fields):
        return []
    return [(name, value) for name, values in fields for value in values]


def _read_text(request):
    try:
        return request.POST.get("text", "")
    except (BadRequest, SuspiciousOperation, OSError):
        return ""
