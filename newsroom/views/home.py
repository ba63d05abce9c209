"""The front page."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Value
from django.shortcuts import render
from django.utils.functional import cached_property
from django.views.decorators.http import require_safe

from articles.models import Article, Category
from articles.web.paging import paginate

BESIDE = 4  # articles beside the lead story
LATEST = 8  # articles below it
FRONT_SIZE = 1 + BESIDE + LATEST
BLOCK_SIZE = 4  # articles in the block of a category
MOST_BLOCKS = 12
CATEGORIES_PER_QUERY = 100  # SQLite takes at most 500 SELECTs in a UNION


@require_safe
def home(request):
    articles = Article.objects.listed().newest_first().for_list()
    page = paginate(request, articles, size=FRONT_SIZE)
    if page.number > 1:
        return render(request, "newsroom/home_page.html", {"page": page})
    front = Front(page, Category.objects.filter(parent=None))
    return render(request, "newsroom/home.html", {"page": page, "front": front, "is_home": True})


@dataclass(frozen=True, slots=True)
class Block:
    category: Category
    articles: list


class Front:
    """The lead story, the articles beside it, the latest articles, and blocks by category.

    The lead story is the newest featured article, or the newest of all.
    """

    def __init__(self, page, categories):
        self.page = page
        self.categories = list(categories)

    @cached_property
    def lead(self):
        featured = Article.objects.listed().filter(featured=True).newest_first().for_list().first()
        return featured or next(iter(self.page.object_list), None)

    @cached_property
    def beside(self):
        return self._others[:BESIDE]

    @cached_property
    def latest(self):
        return self._others[BESIDE:]

    @cached_property
    def blocks(self):
        """One block of newest articles for each of the first categories that have articles."""
        keys = defaultdict(list)
        for start in range(0, len(self.categories), CATEGORIES_PER_QUERY):
            for pk, category in _find_newest(self.categories[start : start + CATEGORIES_PER_QUERY]):
                keys[category].append(pk)
            if len(keys) >= MOST_BLOCKS:
                break
        shown = [category for category in self.categories if category.pk in keys][:MOST_BLOCKS]
        rows = Article.objects.for_list().in_bulk(
            {pk for category in shown for pk in keys[category.pk]}
        )
        blocks = []
        for category in shown:
            articles = [rows[pk] for pk in keys[category.pk] if pk in rows]
            articles.sort(key=lambda article: (article.published_at, article.pk), reverse=True)
            blocks.append(Block(category, articles))
        return blocks

    @property
    def rows(self):
        """All articles on the page; one that appears twice is listed twice."""
        shown = [*self._others, *(row for block in self.blocks for row in block.articles)]
        return [self.lead, *shown] if self.lead else shown

    @cached_property
    def _others(self):
        return [article for article in self.page.object_list if article != self.lead]


def _find_newest(categories):
    """Return (article id, category id) of the newest articles in each category."""
    first, *others = [
        Article.objects.order_by()
        .filter(
            pk__in=Article.objects.listed()
            .in_category(category)
            .newest_first()
            .values("pk")[:BLOCK_SIZE]
        )
        .values_list("pk", Value(category.pk))
        for category in categories
    ]
    return first.union(*others, all=True)
