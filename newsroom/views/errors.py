"""Error pages."""

from django.shortcuts import render
from django.views.decorators.csrf import requires_csrf_token

from articles.models import Article
from comments.views.resending import is_own_form, offer_resending
from newsroom.middleware import ADMIN_PATH

NEWEST = 5  # articles listed on the page for an unknown address


@requires_csrf_token
def bad_request(request, exception):
    return render(request, "400.html", status=400)


@requires_csrf_token
def permission_denied(request, exception):
    return render(request, "403.html", status=403)


@requires_csrf_token
def refuse_stale_form(request, reason=""):
    """Answer a staff form whose token is old: its page was opened before the last login. A form of
    the desk can be sent again."""
    if not request.path.startswith(ADMIN_PATH) and is_own_form(request):
        return offer_resending(request)
    return render(request, "403_csrf.html", status=403)


@requires_csrf_token
def not_found(request, exception):
    newest = Article.objects.listed().newest_first().for_list()[:NEWEST]
    return render(request, "404.html", {"newest": newest}, status=404)


@requires_csrf_token
def server_error(request):
    """Answer without queries and context: either may have caused the error."""
    return render(None, "500.html", status=500)
