"""The front page."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Value
from django.shortcuts import render
from django.utils.functional import cached_property
from django.views.decorators.http import require_safe

from articles.models import Article, Category
from articles.web.paging import paginate

BESIDE = 4  # rows beside the lead story
LATEST = 8  # rows below it
FRONT_SIZE = 1 + BESIDE + LATEST
BLOCK = 4  # articles of a category's block
BLOCKS = 12  # at most
AT_ONCE = 100  # categories that one query asks for; SQLite unites at most 500


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
    """The lead story, the rows beside it, the newest articles, and a block for every section.

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
        """The newest articles of the first sections that have any, in two queries."""
        found = defaultdict(list)
        for start in range(0, len(self.categories), AT_ONCE):
            for pk, category in _newest_of(self.categories[start : start + AT_ONCE]):
                found[category].append(pk)
            if len(found) >= BLOCKS:
                break
        shown = [category for category in self.categories if category.pk in found][:BLOCKS]
        rows = Article.objects.for_list().in_bulk({pk for one in shown for pk in found[one.pk]})
        return [
            Block(one, sorted((rows[pk] for pk in found[one.pk] if pk in rows), key=_age))
            for one in shown
        ]

    @property
    def rows(self):
        """Every article that the page shows, each once for every place."""
        shown = [*self._others, *(row for block in self.blocks for row in block.articles)]
        return [self.lead, *shown] if self.lead else shown

    @cached_property
    def _others(self):
        return [article for article in self.page.object_list if article != self.lead]


def _newest_of(categories):
    """Return (article's id, category's id) of the newest articles of each."""
    first, *others = [
        Article.objects.order_by()
        .filter(
            pk__in=Article.objects.listed()
            .in_category(category)
            .newest_first()
            .values("pk")[:BLOCK]
        )
        .values_list("pk", Value(category.pk))
        for category in categories
    ]
    return first.union(*others, all=True)


def _age(article):
    return -article.published_at.timestamp(), -article.pk
