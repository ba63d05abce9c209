"""The login of the staff."""

from django.contrib import admin
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import LoginView
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache

from articles.web.origin import comes_from_site
from comments.models.comment import MODERATE
from newsroom.kept_forms import KEPT, unpack
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
        user, kept = form.get_user(), read_kept(self.request)
        if asks_for_second_factor(user):
            begin_login(self.request, user, address=self._find_address(user))
            response = redirect("second_factor:verify")
        else:
            response = super().form_valid(form)
        if kept:
            self.request.session[KEPT] = kept
        return response

    def get_success_url(self):
        return self._find_address(self.request.user)

    def _find_address(self, user):
        if read_kept(self.request):
            return reverse("send_again")
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
            **describe_kept(read_kept(self.request)),
        }


def read_kept(request):
    """Return the form, packed, that a login page of this site carries, or an empty text."""
    kept = request.POST.get(KEPT, "")
    return kept if kept and comes_from_site(request) and unpack(kept) else ""


def describe_kept(kept):
    return {"kept_name": KEPT, "kept": kept}


def render_login(request, kept, *, is_stale=False):
    """Return the login page in place of another answer (403), with the form that it carries."""
    context = {
        **admin.site.each_context(request),
        "title": gettext("Log in"),
        "subtitle": None,
        "form": AdminAuthenticationForm(request),
        "app_path": reverse("admin:login"),
        REDIRECT_FIELD_NAME: reverse("admin:index"),
        "is_stale": is_stale,
        **describe_kept(kept),
    }
    return render(request, "admin/login.html", context, status=403)


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
