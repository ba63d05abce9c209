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
            Picture(*picture) if picture[0] else None,
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
