"""The front page, and the answers for what goes wrong."""

from django.shortcuts import render
from django.views.decorators.csrf import requires_csrf_token
from django.views.decorators.http import require_safe

from articles.models import Article, Category
from articles.paging import page_of
from newsroom.front import FRONT_SIZE, Front

NEWEST = 5  # articles that a page about a wrong address leads to


@require_safe
def home(request):
    articles = Article.objects.listed().newest_first().for_list()
    page = page_of(request, articles, size=FRONT_SIZE)
    if page.number > 1:
        return render(request, "newsroom/home_page.html", {"page": page})
    front = Front(page, Category.objects.filter(parent=None))
    return render(request, "newsroom/home.html", {"page": page, "front": front, "is_home": True})


@requires_csrf_token
def bad_request(request, exception):
    return render(request, "400.html", status=400)


@requires_csrf_token
def permission_denied(request, exception):
    return render(request, "403.html", status=403)


@requires_csrf_token
def not_found(request, exception):
    newest = Article.objects.listed().newest_first().for_list()[:NEWEST]
    return render(request, "404.html", {"newest": newest}, status=404)


@requires_csrf_token
def server_error(request):
    """Answer without a query and without context: either may be what went wrong."""
    return render(None, "500.html", status=500)
