"""The login of the staff."""

from django.contrib import admin
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.shortcuts import redirect
from django.urls import reverse

from comments.models.comment import MODERATE


def login(request):
    """Sign a staff member in. A moderator who was on no way elsewhere begins with the queue."""
    home = reverse("admin:index")
    wanted = request.POST.get(REDIRECT_FIELD_NAME) or request.GET.get(REDIRECT_FIELD_NAME) or home
    response = admin.site.login(request)
    if response.status_code != 302 or wanted != home:
        return response
    return redirect("comments:queue" if request.user.has_perm(MODERATE) else home)
