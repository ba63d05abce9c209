"""What stands on the front page."""

from dataclasses import dataclass

from django.db.models import Value
from django.utils.functional import cached_property

from articles.models import Article, Category

BESIDE = 4  # rows beside the lead story
LATEST = 8  # rows below it
FRONT_SIZE = 1 + BESIDE + LATEST
BLOCK = 4  # articles of a category's block


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
        """The newest articles of each section that has any, in two queries."""
        if not self.categories:
            return []
        first, *others = [
            Article.objects.order_by()
            .filter(
                pk__in=Article.objects.listed()
                .in_category(category)
                .newest_first()
                .values("pk")[:BLOCK]
            )
            .values_list("pk", Value(category.pk))
            for category in self.categories
        ]
        sections = list(first.union(*others, all=True))
        rows = Article.objects.for_list().in_bulk({pk for pk, _ in sections})
        found = {category.pk: [] for category in self.categories}
        for pk, category in sections:
            found[category].append(rows[pk])
        return [
            Block(category, sorted(found[category.pk], key=_age))
            for category in self.categories
            if found[category.pk]
        ]

    @property
    def rows(self):
        """Every article that the page shows, each once for every place."""
        shown = [*self._others, *(row for block in self.blocks for row in block.articles)]
        return [self.lead, *shown] if self.lead else shown

    @cached_property
    def _others(self):
        return [article for article in self.page.object_list if article != self.lead]


def _age(article):
    return -article.published_at.timestamp(), -article.pk
