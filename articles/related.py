"""The links from the page of an article to other articles."""

from collections import defaultdict
from operator import attrgetter

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, F, IntegerField, OuterRef, Q, Subquery, Value
from django.utils.functional import cached_property

from articles.models import Article

RELATED = 6
PICKS = 5
NEWEST = 5
# A list drops the articles of the lists before it, and must still be full.
SPARE = RELATED + PICKS
# Articles that share tags, before unlisted ones are left out.
CANDIDATES = 60


class RelatedLists:
    """The articles around one: chosen, related, previous, next, picks and the newest.

    Two queries load them at the first use: one for the primary keys of all lists, where an index
    serves each list, and one for the rows.
    """

    def __init__(self, article):
        self.article = article

    @cached_property
    def chosen(self):
        """The related articles that an editor chose, in the editor's order."""
        return self._lists["chosen"]

    @cached_property
    def related(self):
        """Up to six articles: first the chosen ones, then those that share most tags, then the
        newest of the category."""
        tagged = [row for row in self._lists["tagged"] if row.kind == Article.Kind.ARTICLE]
        candidates = [*self.chosen, *tagged, *self._lists["category"]]
        return list(dict.fromkeys(candidates))[:RELATED]

    @cached_property
    def picks(self):
        """Up to five of the newest articles of other categories, without the related ones."""
        return [pick for pick in self._lists["elsewhere"] if pick not in self.related][:PICKS]

    @property
    def newest(self):
        return self._lists["newest"]

    @property
    def rows(self):
        """The articles of all lists, each once."""
        return list(dict.fromkeys(row for rows in self._lists.values() for row in rows))

    @cached_property
    def previous(self):
        """The article published before this one, or None."""
        return next(iter(self._lists["previous"]), None)

    @cached_property
    def next(self):
        """The article published after this one, or None."""
        return next(iter(self._lists["next"]), None)

    @cached_property
    def _lists(self):
        ranks = defaultdict(dict)
        for name, pk, rank in self._load_keys():
            ranks[name][pk] = rank
        keys = {pk for keys in ranks.values() for pk in keys}
        articles = Article.objects.for_list().in_bulk(keys).values()
        # Not filtered by the query: SQLite does not know how few keys there are, and would take
        # the index of all published articles instead.
        rows = [article for article in articles if article.is_published]
        rows.sort(key=attrgetter("published_at", "pk"), reverse=True)
        lists = defaultdict(list)
        for name, keys in ranks.items():
            listed = [row for row in rows if row.pk in keys]
            lists[name] = sorted(listed, key=lambda row: keys[row.pk])
        return lists

    def _load_keys(self):
        """Return (list, primary key, rank) of the entries of all lists, with one query."""
        chosen = self.article.related_links.order_by()
        dated = [
            Article.objects.order_by()
            .filter(pk__in=articles.values("pk")[:size])
            .values_list(Value(name), "pk", Value(0, IntegerField()))
            for name, articles, size in self._dated_lists()
        ]
        return chosen.values_list(Value("chosen"), "related_id", "position").union(
            self._rank_tagged(), *dated, all=True
        )

    def _rank_tagged(self):
        tags = [tag.pk for tag in self.article.tags.all()]
        model = ContentType.objects.filter(app_label="articles", model="article").values("pk")[:1]
        # The sum keeps SQLite from the index of the content type, which lists all tagged rows.
        links = Article.tags.through.objects.alias(model=F("content_type_id") + 0)
        links = links.filter(model=Subquery(model), tag_id__in=tags)
        links = links.exclude(object_id=self.article.pk).values("object_id")
        shared = links.annotate(shared=Count("pk"))
        most = shared.order_by("-shared", "-object_id").values("object_id")[:CANDIDATES]
        rank = -Subquery(shared.filter(object_id=OuterRef("pk")).values("shared"))
        tagged = Article.objects.order_by().filter(pk__in=most).annotate(rank=rank)
        return tagged.values_list(Value("tagged"), "pk", "rank")

    def _dated_lists(self):
        """Yield (name, articles in order, size) of the lists that are sorted by date alone."""
        article, others = self.article, Article.objects.exclude(pk=self.article.pk)
        yield "newest", others.listed().newest_first(), NEWEST
        if article.category:
            there = others.listed().filter(category=article.category)
            yield "category", there.newest_first(), SPARE
            elsewhere = others.listed().exclude(category__tree_id=article.category.tree_id)
            yield "elsewhere", elsewhere.newest_first(), SPARE
        at, pk = article.published_at, article.pk
        if at and article.kind == Article.Kind.ARTICLE:
            # The first condition of each follows from the second; it lets the index begin there.
            before = Q(published_at__lte=at) & (Q(published_at__lt=at) | Q(pk__lt=pk))
            after = Q(published_at__gte=at) & (Q(published_at__gt=at) | Q(pk__gt=pk))
            yield "previous", others.filter(before).listed().newest_first(), 1
            yield "next", others.filter(after).listed().order_by("published_at", "pk"), 1
