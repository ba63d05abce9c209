"""The overview of the feeds, for those who read in a feed reader."""

from django.core.cache import cache
from django.db.models import Count
from django.shortcuts import render
from django.views.decorators.http import require_safe
from taggit.models import Tag

from articles.models import Article, Category

TAGS = 40  # the most used …
PERIOD = 600  # seconds … at some time within these


@require_safe
def overview(request):
    """The feeds of the site and of each part of it: all categories and authors, the usual tags."""
    context = {
        "categories": Category.objects.all(),
        "authors": Article.objects.listed().authors().order_by("pk"),
        "tags": cache.get_or_set("usual-tags", _usual_tags, timeout=PERIOD),
    }
    return render(request, "newsroom/feeds.html", context)


def _usual_tags():
    tags = Tag.objects.filter(article__in=Article.objects.listed()).annotate(used=Count("article"))
    return list(tags.order_by("-used", "name")[:TAGS])
