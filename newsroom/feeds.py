"""The overview of the feeds, for those who read in a feed reader."""

from django.db.models import Count
from django.shortcuts import render
from django.views.decorators.http import require_safe
from taggit.models import Tag

from articles.models import Article, Category

TAGS = 40  # the most used


@require_safe
def overview(request):
    """The feeds of the site and of each part of it: all categories and authors, the usual tags."""
    listed = Article.objects.listed()
    tags = Tag.objects.filter(article__in=listed).annotate(used=Count("article"))
    context = {
        "categories": Category.objects.all(),
        "authors": listed.authors().order_by("pk"),
        "tags": tags.order_by("-used", "name")[:TAGS],
    }
    return render(request, "newsroom/feeds.html", context)
