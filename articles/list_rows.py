"""Articles as the rows of lists show them: values of one compiled query, and no models.

A model costs ten times as much as these values, and a page of an article shows thirty rows.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef
from django.utils import timezone

from articles.models import Article, compiled
from articles.pictures import Picture
from articles.web.addresses import build_path

MOST_MERGED = 200  # rows of a category that are found in its parts
MOST_PARTS = 200  # categories in a statement; SQLite takes 500 SELECTs
COLUMNS = (
    *("pk", "title", "slug", "lead", "published_at"),
    "category__name",
    *("lead_image__image_file", "lead_image__image_ppoi"),
    *("lead_image__image_width", "lead_image__image_height", "lead_image__image_alt_text"),
)


@dataclass(frozen=True, slots=True)
class ListedCategory:
    name: str


@dataclass(slots=True)
class ListedArticle:
    """What a row shows of an article. Others add ``comment_count`` or a gap for it
    (``articles.web.gaps``), and ``featured_comment``, a piece of HTML."""

    pk: int
    title: str
    slug: str
    lead: str
    published_at: datetime
    category: ListedCategory | None
    lead_image: Picture | None
    comment_count: int = 0
    count_gap: str = ""
    featured_comment: str = ""

    @classmethod
    def build(cls, pk, title, slug, lead, at, category, *picture):
        return cls(
            pk,
            title,
            slug,
            lead,
            at,
            ListedCategory(category) if category else None,
            Picture(*picture) if picture[0] and picture[2] else None,
        )

    def get_absolute_url(self):
        return build_path("articles:detail", self.slug)


class ListedRows:
    """The rows of a queryset of articles, for a paginator."""

    def __init__(self, articles):
        self._articles = articles

    def count(self):
        return self._articles.count()

    def __getitem__(self, part):
        return [ListedArticle.build(*row) for row in self._articles[part].values_list(*COLUMNS)]


class CategoryRows(ListedRows):
    """The rows of a category and of those below it."""

    def __init__(self, category):
        super().__init__(Article.objects.listed().in_category(category).newest_first())
        self._category = category

    def __getitem__(self, part):
        if not 0 < part.stop <= MOST_MERGED:
            return super().__getitem__(part)
        # Each category has an index of its newest articles; all of them together have none.
        branch = self._category.get_descendants(include_self=True).values_list("pk", flat=True)
        newest = {(at, pk) for at, pk, _category in find_newest_in(list(branch), part.stop)}
        keys = [pk for _at, pk in sorted(newest, reverse=True)[part]]
        rows = read_listed(keys)
        return [rows[pk] for pk in keys if pk in rows]


def find_newest_in(categories, count):
    """Return (publication, primary key, category) of the newest articles of each category, and of
    those that are listed in it too, so many of each. One query for 200 categories."""
    now, result = timezone.now(), []
    for start in range(0, len(categories), MOST_PARTS):
        part = categories[start : start + MOST_PARTS]
        result += _newest_in.union([(pk, now, count) for pk in part])
    return result


def read_listed(keys):
    """Return {primary key: row} of those of the articles that are public, pages such as "about us"
    included, the newest first. One query."""
    rows = _rows(sorted(keys), timezone.now()) if keys else ()
    return {row[0]: ListedArticle.build(*row) for row in rows}


@compiled.rows
def _rows(keys, now):
    # An EXISTS for each: SQLite does not know how few keys there are, and would take the index of
    # all published articles for a condition.
    public = Exists(Article.objects.published(now).filter(pk=OuterRef("pk")))
    rows = Article.objects.filter(public, pk__in=compiled.each_of(keys))
    return rows.newest_first().values_list(*COLUMNS)


@compiled.rows
def _newest_in(category_id, now, limit):
    own = Article.objects.listed(now).filter(category_id=category_id).newest_first()
    listed = Exists(Article.objects.listed(now).filter(pk=OuterRef("article_id")))
    links = Article.other_categories.through.objects
    others = links.filter(listed, category_id=category_id)
    others = others.order_by("-article__published_at", "-article_id")
    return (
        Article.objects.order_by()
        .filter(pk__in=own.values("pk")[:limit])
        .values_list("published_at", "pk", "category_id")
        .union(
            links.order_by()
            .filter(pk__in=others.values("pk")[:limit])
            .values_list("article__published_at", "article_id", "category_id"),
            all=True,
        )
    )
