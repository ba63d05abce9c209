"""The login of the staff."""

from django.contrib import admin
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache

from comments.models.comment import MODERATE
from newsroom.lockouts import LoginAttempt


@never_cache
def login(request):
    """Sign a staff member in, or answer 429 to one who has failed too often. A moderator who was
    on no way elsewhere begins with the queue."""
    attempt = _build_attempt(request)
    if attempt and (wait := attempt.count()):
        return _refuse(request, wait)
    home = reverse("admin:index")
    wanted = request.POST.get(REDIRECT_FIELD_NAME) or request.GET.get(REDIRECT_FIELD_NAME) or home
    response = admin.site.login(request)
    if attempt and response.status_code == 302:
        attempt.succeed()
    if response.status_code != 302 or wanted != home:
        return response
    return redirect("comments:queue" if request.user.has_perm(MODERATE) else home)


def _build_attempt(request):
    """Return the attempt of a form, or None if no password would be hashed for it."""
    name, password = request.POST.get("username"), request.POST.get("password")
    return LoginAttempt(request, name) if name and password else None


def _refuse(request, wait):
    minutes = -(-wait // 60)
    advice = ngettext(
        "Please try again in %(minutes)d minute.",
        "Please try again in %(minutes)d minutes.",
        minutes,
    )
    context = {"advice": advice % {"minutes": minutes}}
    response = render(request, "admin/locked_out.html", context, status=429)
    response["Retry-After"] = wait
    return response
