"""The overview of all feeds."""

from django.core.cache import cache
from django.db.models import Count
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe
from taggit.models import Tag

from articles.models import Article, Category
from articles.web.editions import build_edition_key

TAGS = 40  # the most used ones
PERIOD = 600  # seconds that they are cached


@require_safe
def overview(request):
    """List the feeds of the site, its categories, its authors and its most used tags."""
    context = {
        "categories": Category.objects.all(),
        "signers": cache.get_or_set(build_edition_key("signers"), _list_signers, timeout=PERIOD),
        "tags": cache.get_or_set("most-used-tags", _find_most_used_tags, timeout=PERIOD),
    }
    return render(request, "newsroom/feeds.html", context)


def _list_signers():
    """Return those who sign listed articles: their names, and the addresses of page and feeds."""
    listed = Article.objects.listed()
    signers = [("author", user.pk, str(user)) for user in listed.authors().order_by("pk")]
    guests = listed.guests().order_by("name", "pk")
    signers += [("guest", byline.slug, byline.name) for byline in guests]
    return [
        {
            "name": name,
            "path": reverse(f"articles:{kind}", args=[key]),
            **{form: reverse(f"articles:{kind}_{form}", args=[key]) for form in ("rss", "atom")},
        }
        for kind, key, name in signers
    ]


def _find_most_used_tags():
    tags = Tag.objects.filter(article__in=Article.objects.listed()).annotate(used=Count("article"))
    return list(tags.order_by("-used", "name")[:TAGS])
