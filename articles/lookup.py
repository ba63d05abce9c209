"""The article of a page, and when articles change by themselves, by compiled queries."""

from math import inf
from time import time

from django.core.cache import cache
from django.utils import timezone
from taggit.models import Tag

from articles.models import Article, ArticleSource, Credit, FrontPin, compiled
from articles.web.editions import build_edition_key, open_parts
from articles.web.expiry import find_midnight

MINUTE, HOUR = 60, 3_600  # seconds
ITEMS = "taggit_taggeditem_items"  # the links of a tag


def find_article(slug):
    """Return the article that has a page at an address, with what its page shows, or None. Four
    queries."""
    article = _reachable.first(slug, timezone.now())
    if article:
        # The managers look here first, as after ``prefetch_related``.
        article._prefetched_objects_cache = {
            "sources": _fill(ArticleSource.objects.all(), _sources(article.pk)),
            "credits": _fill(Credit.objects.all(), _credits(article.pk)),
            "tags": _fill(Tag.objects.all(), _tags(article.pk)),
        }
    return article


def find_next_change():
    """Return the next moment at which an article appears or expires by itself, or None. One
    query; none if it was made in this edition and the moment is still to come."""
    now, key = timezone.now(), build_edition_key("next-change")
    [moment] = cache.get(key) or [now]
    if moment is not None and moment <= now:
        moment = min(_next_changes(now), default=None)
        cache.set(key, [moment], MINUTE)
    return moment


def open_list_parts():
    """Return the ``Parts`` that the lists of articles on all pages share in this edition, for an
    hour at most. They end at midnight too, because lists leave out the present year."""
    return open_parts(_find_list_end)


def _find_list_end():
    change = find_next_change()
    return min(time() + HOUR, find_midnight(), change.timestamp() if change else inf)


def _fill(queryset, rows):
    queryset._result_cache = rows
    return queryset


@compiled.rows
def _reachable(slug, now):
    return Article.objects.reachable(now).for_detail().filter(slug=slug).order_by()


@compiled.rows
def _sources(article_id):
    return ArticleSource.objects.filter(article_id=article_id)


@compiled.rows
def _credits(article_id):
    return Credit.objects.filter(article_id=article_id)


@compiled.rows
def _tags(article_id):
    links = {"object_id": article_id, "content_type__app_label": "articles"}
    links |= {"content_type__model": "article"}
    tags = Tag.objects.filter(**{f"{ITEMS}__{name}": value for name, value in links.items()})
    return tags.order_by(f"{ITEMS}__pk")


@compiled.rows
def _next_changes(now):
    """The moments of the next publication, and of the next ends."""
    public, articles = Article.Status.PUBLISHED, Article.objects.order_by()
    # With both kinds there is an index that begins at the moment.
    coming = articles.filter(status=public, kind__in=Article.Kind.values, published_at__gt=now)
    first = coming.order_by("published_at").values("pk")[:1]
    moments = [articles.filter(pk__in=first).values_list("published_at", flat=True)]
    # For the status SQLite would leave the indexes of the last two, and read all public articles.
    ends = {"expires_at": articles.filter(status=public)}
    for name in ("expires_at", "featured_until", "breaking_until"):
        going = ends.get(name, articles).filter(**{f"{name}__gt": now})
        last = going.order_by(name).values("pk")[:1]
        moments.append(articles.filter(pk__in=last).values_list(name, flat=True))
    pins = FrontPin.objects.order_by()
    last = pins.filter(until__gt=now).order_by("until").values("pk")[:1]
    moments.append(pins.filter(pk__in=last).values_list("until", flat=True))
    return moments[0].union(*moments[1:], all=True)
