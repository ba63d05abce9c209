"""The page that sends a form of the admin again, which met the end of a login."""

from django.contrib import admin
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from newsroom.kept_forms import AGAIN, KEPT, unpack


@never_cache
@admin.site.admin_view
def send_again(request):
    """Show the form that the login has carried here. It stays in the session until it is sent."""
    form = unpack(request.session.get(KEPT, ""))
    return offer_again(request, form) if form else redirect("admin:index")


def offer_again(request, form, *, status=200):
    """Show a form with a token that is valid now, to be sent to its own address by one press."""
    context = {**admin.site.each_context(request), "kept": form, "again": AGAIN}
    context["title"] = _("Not saved yet")
    return render(request, "admin/send_again.html", context, status=status)
