"""The article of a page, and when articles change by themselves, by compiled queries."""

from math import inf
from operator import itemgetter
from time import time

from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.db import DEFAULT_DB_ALIAS
from django.db.models import IntegerField, Value
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from taggit.models import Tag

from articles.models import Article, ArticleSource, Byline, Credit, FrontPin, compiled
from articles.web.editions import build_edition_key, open_parts
from articles.web.expiry import find_midnight

MINUTE, HOUR = 60, 3_600  # seconds
ITEMS = "taggit_taggeditem_items"  # the links of a tag


def find_article(slug):
    """Return the article that has a page at an address, with what its page shows, or None. Two
    queries."""
    article = _reachable.first(slug, timezone.now())
    if article:
        # The managers look here first, as after ``prefetch_related``.
        article._prefetched_objects_cache = _load_beside(article.pk)
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


def _load_beside(article_id):
    """Return {name: filled queryset} of what an article has beside its row."""
    rows = {"sources": [], "credits": [], "tags": []}
    for name, *values in sorted(_beside(article_id), key=itemgetter(0, 1, 2)):
        rows[name].append(BUILD[name](article_id, *values))
    models = {"sources": ArticleSource, "credits": Credit, "tags": Tag}
    return {name: _fill(model.objects.all(), rows[name]) for name, model in models.items()}


def _build_source(article_id, position, pk, title, publisher, url, *_rest):
    values = {"id": pk, "article_id": article_id, "title": title, "publisher": publisher}
    return _build(ArticleSource, **values, url=url, position=position)


def _build_credit(article_id, position, pk, name, role, slug, kind, part, byline_id, user_id):
    values = {"id": pk, "article_id": article_id, "byline_id": byline_id, "part": part}
    credit = _build(Credit, **values, position=position)
    values = {"id": byline_id, "name": name, "kind": kind, "role": role}
    credit.byline = _build(Byline, **values, user_id=user_id, slug=slug)
    return credit


def _build_tag(_article_id, _position, pk, name, slug, *_rest):
    return _build(Tag, id=pk, name=name, slug=slug)


BUILD = {"sources": _build_source, "credits": _build_credit, "tags": _build_tag}


def _build(model, **values):
    return model.from_db(DEFAULT_DB_ALIAS, list(values), list(values.values()))


def _fill(queryset, rows):
    queryset._result_cache = rows
    return queryset


@compiled.rows
def _reachable(slug, now):
    return Article.objects.reachable(now).for_detail().filter(slug=slug).order_by()


@compiled.rows
def _beside(article_id):
    """The sources, credits and tags of an article as rows of one shape: which of them, the place
    in the order, the primary key, four texts, the part, and the primary keys of the byline and of
    its account."""
    text, number = Value(""), Value(0, IntegerField())
    sources = ArticleSource.objects.order_by().filter(article_id=article_id)
    credit = Credit.objects.order_by().select_related(None).filter(article_id=article_id)
    links = {"object_id": article_id, "content_type__app_label": "articles"}
    links |= {"content_type__model": "article"}
    tags = Tag.objects.order_by()
    tags = tags.filter(**{f"{ITEMS}__{name}": value for name, value in links.items()})
    source_columns = "position", "pk", "title", "publisher", "url"
    credit_columns = "position", "pk", "byline__name", "byline__role", "byline__slug"
    credit_columns = *credit_columns, "byline__kind", "part", "byline_id", "byline__user_id"
    return sources.values_list(Value("sources"), *source_columns, text, text, number, number).union(
        credit.values_list(Value("credits"), *credit_columns),
        tags.values_list(
            Value("tags"), f"{ITEMS}__pk", "pk", "name", "slug", *[text] * 3, number, number
        ),
        all=True,
    )


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


def find_author_or_404(pk):
    """Return the user who signs at least one listed article; raises ``Http404``."""
    author = get_object_or_404(get_user_model().objects.select_related("byline"), pk=pk)
    if not Article.objects.listed().signed_by(author).exists():
        raise Http404(f"No author {pk}")
    return author
