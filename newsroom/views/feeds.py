"""The overview of all feeds."""

from django.core.cache import cache
from django.db.models import Count
from django.shortcuts import render
from django.views.decorators.http import require_safe
from taggit.models import Tag

from articles.models import Article, Category

TAGS = 40  # the most used ones
PERIOD = 600  # seconds that they are cached


@require_safe
def overview(request):
    """List the feeds of the site, its categories, its authors and its most used tags."""
    context = {
        "categories": Category.objects.all(),
        "authors": Article.objects.listed().authors().order_by("pk"),
        "guests": Article.objects.listed().guests().order_by("name", "pk"),
        "tags": cache.get_or_set("most-used-tags", _find_most_used_tags, timeout=PERIOD),
    }
    return render(request, "newsroom/feeds.html", context)


def _find_most_used_tags():
    tags = Tag.objects.filter(article__in=Article.objects.listed()).annotate(used=Count("article"))
    return list(tags.order_by("-used", "name")[:TAGS])
