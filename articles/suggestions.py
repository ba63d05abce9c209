"""Suggestions of related articles: those that share tags and rare words, with the reason."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from math import log2

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, Q

from articles import search
from articles.models import Article, TagName

SUGGESTIONS = 10
CANDIDATES = 300  # the best, before those that are not public are left out
MOST_TAGS = 20  # of one article
MOST_LINKS = 600  # of one tag, the newest
TAG_WEIGHT = 3  # of a shared tag, beside a shared word of the same rarity


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A public article, and what it shares: names of tags, and a number of words."""

    pk: int
    title: str
    published_at: datetime
    tags: list
    words: int


def suggest_related(*, title, text, tags, without=()):
    """Return at most ten public articles that share tags or rare words with a text, the best first.

    ``tags`` are names, typed in any spelling; ``without`` are primary keys that are not suggested.
    The number of statements is fixed, and limits bound the work of each.
    """
    scores, shared = Counter(), defaultdict(list)
    for tag, keys in _find_tagged(tags):
        for pk in keys:
            scores[pk] += TAG_WEIGHT * log2(2 * MOST_LINKS / len(keys))
            shared[pk].append(tag)
    similar = search.find_similar(title, text, search.ARTICLE)
    for pk, (score, _words) in similar.items():
        scores[pk] += score
    for pk in without:
        scores.pop(pk, None)
    best = sorted(scores, key=lambda pk: (scores[pk], pk), reverse=True)[:CANDIDATES]
    rows = _read_public(best)
    return [
        Suggestion(*rows[pk], tags=shared[pk], words=similar.get(pk, (0, 0))[1])
        for pk in best
        if pk in rows
    ][:SUGGESTIONS]


def _find_tagged(names):
    """Return (name of a tag, primary keys of articles) of those tags that articles have."""
    tags = {tag.pk: tag.name for tag in TagName.objects.find_tags(names[:MOST_TAGS]).values()}
    if not tags:
        return []
    through = Article.tags.through.objects
    model = ContentType.objects.get_for_model(Article)
    newest = [
        Q(
            pk__in=through.filter(tag=pk, content_type=model)
            .order_by("-pk")
            .values("pk")[:MOST_LINKS]
        )
        for pk in tags
    ]
    links = defaultdict(list)
    rows = through.filter(reduce(Q.__or__, newest)).values_list("tag_id", "object_id")
    for tag, pk in rows:
        links[tag].append(pk)
    return [(tags[tag], keys) for tag, keys in links.items()]


def _read_public(keys):
    """Return {primary key: (primary key, title, publication)} of those that lists show."""
    # An EXISTS for each: SQLite would take the index of all published articles for a condition.
    public = Exists(Article.objects.listed().filter(pk=OuterRef("pk")))
    rows = Article.objects.order_by().filter(public, pk__among=keys)
    return {row[0]: row for row in rows.values_list("pk", "title", "published_at")}
