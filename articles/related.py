"""Which other articles an article's page leads to."""

from collections import defaultdict

from django.db.models import Count, F, IntegerField, Q, Value
from django.utils.functional import cached_property

from articles.models import Article

RELATED = 6
PICKS = 5
NEWEST = 5
# A list may lose as many entries as stand in the lists before it, and must still be full.
SPARE = RELATED + PICKS


class Surroundings:
    """The articles around one: chosen, related, previous, next, picks and the newest.

    Two queries find them all, at their first use: one for the primary keys of every list, each
    list cut short by an index, and one for the rows.
    """

    def __init__(self, article):
        self.article = article

    @cached_property
    def chosen(self):
        """What an editor chose, in the editor's order."""
        return self._lists["chosen"]

    @cached_property
    def related(self):
        """Six: the chosen ones first, then the nearest by shared tags, then the newest of the
        category."""
        candidates = [*self.chosen, *self._lists["tagged"], *self._lists["category"]]
        return list(dict.fromkeys(candidates))[:RELATED]

    @cached_property
    def picks(self):
        """Five of the newest from other parts of the site, none of them among the related."""
        return [pick for pick in self._lists["elsewhere"] if pick not in self.related][:PICKS]

    @cached_property
    def newest(self):
        return self._lists["newest"]

    @property
    def rows(self):
        """Every article that stands in one of the lists, once."""
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
        for name, pk, rank in self._keys():
            ranks[name][pk] = rank
        rows = Article.objects.for_list().in_bulk({pk for keys in ranks.values() for pk in keys})
        lists = defaultdict(list)
        for name, keys in ranks.items():
            newest_first = sorted(
                (rows[pk] for pk in keys if pk in rows),
                key=lambda row: (row.published_at, row.pk),
                reverse=True,
            )
            lists[name] = sorted(newest_first, key=lambda row: keys[row.pk])
        return lists

    def _keys(self):
        """Return (list, primary key, rank) for every entry of every list, in one query."""
        plain = [
            Article.objects.filter(pk__in=articles.values("pk")[:size]).values_list(
                Value(name), "pk", Value(0, IntegerField())
            )
            for name, articles, size in self._plain_lists()
        ]
        first, *others = [part.order_by() for part in (self._chosen(), self._tagged(), *plain)]
        return first.union(*others, all=True)

    def _others(self):
        return Article.objects.listed().exclude(pk=self.article.pk)

    def _chosen(self):
        chosen = Article.objects.published().filter(linked_from__article=self.article)
        return chosen.values_list(Value("chosen"), "pk", F("linked_from__position"))

    def _tagged(self):
        tags = [tag.pk for tag in self.article.tags.all()]
        shared = Count("tagged_items", filter=Q(tagged_items__tag__in=tags))
        nearest = self._others().filter(tags__in=tags).annotate(shared=Count("pk"))
        nearest = nearest.order_by("-shared", "-published_at", "-pk").values("pk")[:SPARE]
        found = Article.objects.filter(pk__in=nearest).annotate(rank=-shared)
        return found.values_list(Value("tagged"), "pk", "rank")

    def _plain_lists(self):
        """Yield (name, articles in order, how many) of the lists that go by date alone."""
        others, category = self._others(), self.article.category
        yield "newest", others.newest_first(), NEWEST
        if category:
            yield "category", others.filter(category=category).newest_first(), SPARE
            others_elsewhere = others.exclude(category__tree_id=category.tree_id)
            yield "elsewhere", others_elsewhere.newest_first(), SPARE
        at, pk = self.article.published_at, self.article.pk
        if at and self.article.kind == Article.Kind.ARTICLE:
            before = Q(published_at__lt=at) | Q(published_at=at, pk__lt=pk)
            after = Q(published_at__gt=at) | Q(published_at=at, pk__gt=pk)
            yield "previous", others.filter(before).newest_first(), 1
            yield "next", others.filter(after).order_by("published_at", "pk"), 1
