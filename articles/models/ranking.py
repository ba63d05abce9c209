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
WIDE = 300  # articles of the site in the order from which tags and authors take theirs
SITE = 0  # the scope of the whole site


class Order(dict):
    """{period: primary keys of articles, the first one first}. ``figures``: {key: numbers} of
    these articles."""

    def __init__(self, periods=(), figures=None):
        super().__init__(periods)
        self.figures = {int(key): numbers for key, numbers in (figures or {}).items()}


class RankingQuerySet(models.QuerySet):
    def read(self, category=None):
        """Return {name: order} of the rankings of the site or of a category and those below it, and
        {name: when it is due to be computed again}. One query."""
        wanted = category.pk if category else SITE
        rows = _orders(wanted)
        orders = {row[0]: Order(*row[2:4]) for row in rows if row[1] == wanted}
        return orders, {name: due_at for name, scope, *_order, due_at in rows if scope == SITE}

    def read_wide(self):
        """Return {name: order} of the site, with hundreds of articles. One query."""
        return {name: Order(order) for name, order in _wide_orders()}

    def claim(self, name, *, due_by):
        """Return whether this process is to compute a ranking: whether it is due by a moment, and
        no other process was faster."""
        renewed = timezone.now() + RANKING_AGE
        row, is_new = self.get_or_create(name=name, scope=SITE, defaults={"due_at": renewed})
        if is_new or row.due_at > due_by:
            return is_new
        return bool(self.filter(pk=row.pk, due_at=row.due_at).update(due_at=renewed))

    def store(self, name, weights, figures=None):
        """Store the order of the listed articles by ``weights``, {period: {key: weight}}: of the
        site, and of each category with those below it. ``figures``, {key: numbers}, are stored
        with the articles of each order, those under ``SITE`` with that of the site."""
        orders, figures = _sort_by_scope(weights), figures or {}
        columns = "order", "figures", "wide"
        rows = self.filter(name=name).values_list("scope", *columns)
        stored = {scope: tuple(values) for scope, *values in rows}
        changed = []
        for scope, wide in orders.items():
            order = {period: keys[: RANKS + SPARE] for period, keys in wide.items()}
            keys = {SITE, *(key for keys in order.values() for key in keys)}
            own = {str(key): list(figures[key]) for key in sorted(keys & figures.keys())}
            if scope != SITE:
                own.pop(str(SITE), None)
            values = order, own, wide if scope == SITE else {}
            if stored.get(scope) != values:
                changed.append(
                    self.model(name=name, scope=scope, **dict(zip(columns, values, strict=True)))
                )
        key = ["name", "scope"]
        with transaction.atomic():
            self.filter(name=name, scope__in=stored.keys() - orders.keys()).delete()
            self.bulk_create(
                changed, update_conflicts=True, unique_fields=key, update_fields=columns
            )


class Ranking(models.Model):
    """The order of a ranking: {period: primary keys of articles, the first one first}.

    ``scope`` is the primary key of a category, or ``SITE``. ``figures`` are numbers that are shown
    with the articles. Of the site's row alone, ``wide`` is a longer order, and ``due_at`` says
    when the ranking is due to be computed again, for the site and all categories.
    """

    name = models.CharField(max_length=20)
    scope = models.PositiveBigIntegerField(default=SITE)
    order = models.JSONField(default=dict)
    figures = models.JSONField(default=dict)
    wide = models.JSONField(default=dict)
    due_at = models.DateTimeField(null=True)

    objects = RankingQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "name"], name="ranking_once")]

    def __str__(self):
        return f"{self.name} {self.scope}"


@compiled.rows
def _orders(scope):
    rankings = Ranking.objects.filter(Q(scope=scope) | Q(scope=SITE))
    return rankings.values_list("name", "scope", "order", "figures", "due_at")


@compiled.rows
def _wide_orders():
    return Ranking.objects.filter(scope=SITE).values_list("name", "wide")


def _sort_by_scope(weights):
    """Return {scope: {period: the keys with the largest weights}}, of the site ``WIDE`` keys."""
    scopes = _find_scopes({key for of_period in weights.values() for key in of_period})
    orders = {SITE: {}}
    for period, of_period in weights.items():
        entries = defaultdict(list)
        for key, weight in of_period.items():
            for scope in scopes[key] if weight else ():
                entries[scope].append((weight, key))
        for scope, found in entries.items():
            first = nlargest(WIDE if scope == SITE else RANKS + SPARE, found)
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
