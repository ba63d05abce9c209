"""The login of the staff."""

from django.contrib import admin
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import LoginView
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache

from comments.models.comment import MODERATE
from newsroom.lockouts import LoginAttempt
from newsroom.second_factor.pending import begin_login
from newsroom.second_factor.policy import asks_for_second_factor


@never_cache
def login(request):
    """Sign a staff member in, or answer 429 to one who has failed too often."""
    attempt = _build_attempt(request)
    if attempt and (wait := attempt.count()):
        return refuse_login(request, wait)
    if request.method == "GET" and admin.site.has_permission(request):
        return redirect("admin:index")
    context = {**admin.site.each_context(request), "title": gettext("Log in"), "subtitle": None}
    response = StaffLogin.as_view(extra_context=context)(request)
    if attempt and response.status_code == 302:
        attempt.succeed()
    return response


class StaffLogin(LoginView):
    """Asks for name and password. A moderator who was on no way elsewhere begins with the queue."""

    template_name = "admin/login.html"
    authentication_form = AdminAuthenticationForm
    home = "admin:index"

    def form_valid(self, form):
        user = form.get_user()
        if not asks_for_second_factor(user):
            return super().form_valid(form)
        begin_login(self.request, user, address=self._find_address(user))
        return redirect("second_factor:verify")

    def get_success_url(self):
        return self._find_address(self.request.user)

    def _find_address(self, user):
        wanted, home = self.get_redirect_url(), reverse("admin:index")
        if wanted in ("", home):
            return reverse("comments:queue") if user.has_perm(MODERATE) else home
        return wanted

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        address = self.get_redirect_url() or reverse("admin:index")
        return {
            **context,
            REDIRECT_FIELD_NAME: address,
            "app_path": self.request.get_full_path(),
            "username": self.request.user.get_username(),
        }


def _build_attempt(request):
    """Return the attempt of a form, or None if no password would be hashed for it."""
    name, password = request.POST.get("username"), request.POST.get("password")
    return LoginAttempt(request, name) if name and password else None


def refuse_login(request, wait):
    """Answer 429 with the seconds to wait."""
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
