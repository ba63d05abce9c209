"""Who may see and change a second factor: its owner, shortly after a login."""

from functools import wraps
from time import time

from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in
from django.contrib.auth.views import redirect_to_login
from django.dispatch import receiver
from django.shortcuts import redirect, resolve_url
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from newsroom.second_factor.devices import is_enrolled
from newsroom.second_factor.pending import read_pending

SIGNED_IN_AT = "signed_in_at"  # in the session, in Unix seconds
FRESH = 1800  # seconds after a login in which a second factor may be changed


@receiver(user_logged_in)
def date_login(request, **kwargs):
    request.session[SIGNED_IN_AT] = int(time())


def for_owner(view):
    """Decorate a view of one's own second factor: ``request.owner`` is signed in, or knows the
    password and must enrol before anything else. An old session must log in again."""

    @never_cache
    @sensitive_post_parameters()
    @wraps(view)
    def wrapped(request, *args, **kwargs):
        request.pending = None
        if request.user.is_authenticated and request.user.is_staff:
            if time() - request.session.get(SIGNED_IN_AT, 0) > FRESH:
                logout(request)
                return redirect_to_login(resolve_url("second_factor:overview"))
            request.owner = request.user
            return view(request, *args, **kwargs)
        request.pending = read_pending(request)
        if not request.pending:
            return redirect_to_login(resolve_url("second_factor:overview"))
        if is_enrolled(request.pending.user):
            return redirect("second_factor:verify")
        request.owner = request.pending.user
        return view(request, *args, **kwargs)

    return wrapped
