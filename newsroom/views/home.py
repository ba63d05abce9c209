"""The front page."""

from django.http import Http404, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from articles.models import Category
from articles.web.expiry import note_change
from articles.web.paging import read_integer
from newsroom.front import Front


@require_safe
def home(request):
    number = read_integer(request.GET.get("page", "1"))
    if not number:
        raise Http404("No such page")
    if number > 1:  # the list of all articles was here
        path = reverse("articles:list")
        return HttpResponsePermanentRedirect(f"{path}?page={number}")
    categories = Category.objects.list_named()
    front = Front(categories)
    note_change(request, front.changes_at)
    roots = [category for category in categories if category.parent_id is None]
    context = {"front": front, "nav_categories": roots, "is_home": True}
    return render(request, "newsroom/home.html", context)
