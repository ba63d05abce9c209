"""The front page."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count, Exists, F, OuterRef, Subquery, Value
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from articles.list_rows import ListedRows, find_newest_in, read_listed
from articles.models import Article, Category, FrontPin, compiled
from articles.models.category import NamedCategory
from articles.web.paging import paginate

BESIDE = 4  # articles beside the lead story
LATEST = 8  # articles below it
FRONT_SIZE = 1 + BESIDE + LATEST
BLOCK_SIZE = 4  # articles in the block of a category
MOST_BLOCKS = 12
NEWEST, FEATURED, PINNED, BREAKING = range(4)  # ranks


@require_safe
def home(request):
    page = paginate(request, FrontRows(), size=FRONT_SIZE)
    if page.number > 1:
        return render(request, "newsroom/home_page.html", {"page": page})
    front = Front(Category.objects.list_named())
    roots = [category for category in front.categories if category.parent_id is None]
    context = {"page": page, "front": front, "nav_categories": roots, "is_home": True}
    return render(request, "newsroom/home.html", context)


class FrontRows(ListedRows):
    """All listed articles. The first page of them is read by ``Front``."""

    def __init__(self):
        super().__init__(Article.objects.listed().newest_first())

    def count(self):
        return _count_listed.first(timezone.now()) or 0

    def __getitem__(self, part):
        return [] if part.start == 0 else super().__getitem__(part)


@dataclass(frozen=True, slots=True)
class Block:
    category: NamedCategory
    articles: list


class Front:
    """The lead story, the articles beside it, the latest articles, and blocks by category.

    The articles that editors have pinned come first, in their order. Without any, the lead story
    is the newest featured article, or the newest of all. Breaking news stands above
    it, and nowhere else. Four queries in all.
    """

    def __init__(self, categories):
        self.categories = categories
        now = timezone.now()
        ranks = defaultdict(list)
        for rank, _position, _at, pk in sorted(_first(now), reverse=True):
            ranks[rank].append(pk)
        self._breaking = ranks[BREAKING]
        featured = [pk for pk in ranks[FEATURED] if pk not in self._breaking][:1]
        keys = dict.fromkeys(ranks[PINNED] + featured + ranks[NEWEST])
        keys = [pk for pk in keys if pk not in self._breaking]
        self._lead, self._others = keys[:1], keys[1:]
        self._blocks = _find_blocks(categories)

    @property
    def breaking(self):
        """The newest breaking news, or None."""
        return next(iter(self._read(self._breaking)), None)

    @property
    def lead(self):
        return next(iter(self._read(self._lead)), None)

    @property
    def beside(self):
        return self._read(self._others[:BESIDE])

    @property
    def latest(self):
        return self._read(self._others[BESIDE:])

    @cached_property
    def blocks(self):
        """One block of newest articles for each of the first categories that have articles."""
        blocks = [Block(category, self._read(keys)) for category, keys in self._blocks]
        return [block for block in blocks if block.articles]

    @property
    def rows(self):
        """All articles on the page, each once."""
        return list(self._rows.values())

    def _read(self, keys):
        return [self._rows[pk] for pk in keys if pk in self._rows]

    @cached_property
    def _rows(self):
        in_blocks = [pk for _category, keys in self._blocks for pk in keys]
        return read_listed({*self._breaking, *self._lead, *self._others, *in_blocks})


def _find_blocks(categories):
    """Return (root category, primary keys of its newest articles) of the first root categories that
    have articles: of their own, of the categories below, and of those listed there too."""
    newest = defaultdict(set)
    trees = {category.pk: category.tree_id for category in categories}
    for at, pk, category in find_newest_in(list(trees), BLOCK_SIZE):
        newest[trees[category]].add((at, pk))
    blocks = [
        (category, [pk for _at, pk in sorted(newest[category.tree_id], reverse=True)[:BLOCK_SIZE]])
        for category in categories
        if category.parent_id is None and newest[category.tree_id]
    ]
    return blocks[:MOST_BLOCKS]


@compiled.rows
def _count_listed(now):
    counted = Article.objects.listed(now).order_by().values("kind").annotate(count=Count("pk"))
    return counted.values_list("count", flat=True)


@compiled.rows
def _first(now):
    """Rank, place among the pinned (the first has the highest), publication and primary key of the
    newest breaking news, of the pinned articles, of the newest featured ones (two, as one may be
    the breaking news) and of the newest of all."""
    listed = Article.objects.listed(now).newest_first()
    # Few are marked: by an EXISTS the database begins with them, and not with all that are listed.
    is_listed = Exists(Article.objects.listed(now).filter(pk=OuterRef("pk")))
    marked = Article.objects.filter(is_listed).newest_first()
    parts = [
        Article.objects.order_by()
        .filter(pk__in=articles.values("pk")[:size])
        .values_list(Value(rank), Value(0), "published_at", "pk")
        for rank, articles, size in (
            (BREAKING, marked.breaking(now), 1),
            (FEATURED, marked.featured(now), 2),
            (NEWEST, listed, FRONT_SIZE),
        )
    ]
    is_listed = Exists(Article.objects.listed(now).filter(pk=OuterRef("article_id")))
    pins = FrontPin.objects.running(now).filter(is_listed).order_by()
    # For a join SQLite would begin with all articles.
    published = Article.objects.filter(pk=OuterRef("article_id")).values("published_at")
    place = -F("position"), Subquery(published), "article_id"
    return parts[0].union(*parts[1:], pins.values_list(Value(PINNED), *place), all=True)
