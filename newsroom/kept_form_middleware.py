"""Keeps the forms of the admin whose sender is no longer signed in."""

from newsroom.kept_forms import ADMIN, AGAIN, KEPT, asks_for_json, read_form
from newsroom.views.login import render_login


class KeptFormMiddleware:
    """Answer such a form with a login page that holds its fields."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if request.method != "POST" or not request.path.startswith(ADMIN):
            return None
        if request.user.is_authenticated:
            if AGAIN in request.POST:
                request.session.pop(KEPT, None)
            return None
        form = None if asks_for_json(request) else read_form(request)
        return render_login(request, form.pack()) if form else None
