"""The stored orders of rankings. A page only reads them; they are computed outside of requests."""

from collections import defaultdict
from datetime import timedelta
from heapq import nlargest

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from articles.models import compiled
from articles.models.article import Article
from articles.models.category import Category
from articles.web.rankings import RANKS

RANKING_AGE = timedelta(minutes=5)
SPARE = 5  # further articles, for those that are withdrawn in the meantime
SITE = 0  # the scope of the whole site


class RankingQuerySet(models.QuerySet):
    def read(self, category=None):
        """Return {name: order} of the rankings of the site or of a category and those below it, and
        {name: when it is due to be computed again}. One query."""
        wanted = category.pk if category else SITE
        rows = _orders(wanted)
        orders = {name: order for name, scope, order, _due_at in rows if scope == wanted}
        return orders, {name: due_at for name, scope, _order, due_at in rows if scope == SITE}

    def claim(self, name, *, due_by):
        """Return whether this process is to compute a ranking: whether it is due by a moment, and
        no other process was faster."""
        renewed = timezone.now() + RANKING_AGE
        row, is_new = self.get_or_create(name=name, scope=SITE, defaults={"due_at": renewed})
        if is_new or row.due_at > due_by:
            return is_new
        return bool(self.filter(pk=row.pk, due_at=row.due_at).update(due_at=renewed))

    def store(self, name, weights):
        """Store the order of the listed articles by ``weights``, {period: {key: weight}}: of the
        site, and of each category with those below it."""
        orders = _sort_by_scope(weights)
        stored = dict(self.filter(name=name).values_list("scope", "order"))
        changed = [
            self.model(name=name, scope=scope, order=order)
            for scope, order in orders.items()
            if stored.get(scope) != order
        ]
        key = ["name", "scope"]
        with transaction.atomic():
            self.filter(name=name, scope__in=stored.keys() - orders.keys()).delete()
            self.bulk_create(
                changed, update_conflicts=True, unique_fields=key, update_fields=["order"]
            )


class Ranking(models.Model):
    """The order of a ranking: {period: primary keys of articles, the first one first}.

    ``scope`` is the primary key of a category, or ``SITE``. ``due_at``, of the site's row alone,
    says when the ranking is due to be computed again, for the site and all categories.
    """

    name = models.CharField(max_length=20)
    scope = models.PositiveBigIntegerField(default=SITE)
    order = models.JSONField(default=dict)
    due_at = models.DateTimeField(null=True)

    objects = RankingQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "name"], name="ranking_once")]

    def __str__(self):
        return f"{self.name} {self.scope}"


@compiled.rows
def _orders(scope):
    rankings = Ranking.objects.filter(Q(scope=scope) | Q(scope=SITE))
    return rankings.values_list("name", "scope", "order", "due_at")


def _sort_by_scope(weights):
    """Return {scope: {period: the keys with the largest weights}}."""
    scopes = _find_scopes({key for of_period in weights.values() for key in of_period})
    orders = {SITE: {}}
    for period, of_period in weights.items():
        entries = defaultdict(list)
        for key, weight in of_period.items():
            for scope in scopes[key] if weight else ():
                entries[scope].append((weight, key))
        for scope, found in entries.items():
            first = nlargest(RANKS + SPARE, found)
            orders.setdefault(scope, {})[period] = [key for _weight, key in first]
    return orders


def _find_scopes(keys):
    """Return {key: scopes} of articles, none for those that are not listed. Three queries."""
    scopes, parents = defaultdict(set), dict(Category.objects.values_list("pk", "parent_id"))
    rows, links = _categories(sorted(keys), timezone.now()), _links(sorted(keys))
    for key, category in rows:
        scopes[key] = {SITE, *_climb(category, parents)}
    for key, category in links:
        if key in scopes:
            scopes[key].update(_climb(category, parents))
    return scopes


def _climb(category, parents):
    """Yield the key of a category and of those above it."""
    while category in parents:
        yield category
        category = parents[category]


@compiled.rows
def _categories(keys, now):
    articles = Article.objects.listed(now).filter(pk__in=compiled.each_of(keys))
    return articles.order_by().values_list("pk", "category_id")


@compiled.rows
def _links(keys):
    links = Article.other_categories.through.objects.filter(article_id__in=compiled.each_of(keys))
    return links.order_by().values_list("article_id", "category_id")
