"""Articles as the rows of lists show them: values of one compiled query, and no models.

A model costs ten times as much as these values, and a page of an article shows thirty rows.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import Count, Exists, OuterRef
from django.utils import timezone

from articles.models import Article, compiled
from articles.models.language import read_language
from articles.pictures import Picture
from articles.web.addresses import build_path
from articles.web.languages import TextInLanguage

MOST_MERGED = 200  # rows of a category that are found in its parts
MOST_PARTS = 200  # categories in a statement; SQLite takes 500 SELECTs
COLUMNS = (
    *("pk", "title", "phrases", "slug", "lead", "language", "published_at"),
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
    (``articles.web.gaps``), and ``voice``, a piece of HTML."""

    pk: int
    title: str
    phrases: str
    slug: str
    lead: str
    language: str
    published_at: datetime
    category: ListedCategory | None
    lead_image: Picture | None
    comment_count: int = 0
    count_gap: str = ""
    voice: str = ""
    part: int = 0  # its number in the series whose page lists it

    def __post_init__(self):
        language = read_language(self.language, self.title)
        self.title = TextInLanguage(self.title, language, self.phrases)
        self.lead = TextInLanguage(self.lead, language)

    @classmethod
    def build(cls, pk, title, phrases, slug, lead, language, at, category, *picture):
        return cls(
            pk,
            title,
            phrases,
            slug,
            lead,
            language,
            at,
            ListedCategory(category) if category else None,
            Picture(*picture) if picture[0] and picture[2] else None,
        )

    @property
    def values(self):
        """What a row shows; hashable."""
        own = self.pk, self.title, self.phrases, self.slug, self.lead, self.language
        added = self.comment_count, self.count_gap, self.voice, self.part
        return *own, self.published_at, self.category, self.lead_image, *added

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


class SeriesRows(ListedRows):
    """The rows of a series, each with its number in it."""

    def __init__(self, series):
        super().__init__(Article.objects.listed().in_series(series))

    def __getitem__(self, part):
        rows = []
        for number, *values in self._articles[part].values_list("series_number", *COLUMNS):
            row = ListedArticle.build(*values)
            row.part = number or 0
            rows.append(row)
        return rows


class AllRows(ListedRows):
    """The rows of all listed articles."""

    def __init__(self):
        super().__init__(Article.objects.listed().newest_first())

    def count(self):
        return _count_listed.first(timezone.now()) or 0


class CategoryRows(ListedRows):
    """The rows of a category and of those below it.

    Each category has an index of its articles, and all of them together have none. So the articles
    are found and counted in each.
    """

    def __init__(self, category):
        super().__init__(Article.objects.listed().in_category(category).newest_first())
        self._category = category

    def count(self):
        return count_in(self._branch)

    def __getitem__(self, part):
        if not 0 < part.stop <= MOST_MERGED:
            return super().__getitem__(part)
        keys = self.find_newest(part.stop)[part]
        rows = read_listed(keys)
        return [rows[pk] for pk in keys if pk in rows]

    def find_newest(self, count):
        """Return the primary keys of the newest articles, so many, the newest first."""
        newest = {(at, pk) for at, pk, _category in find_newest_in(self._branch, count)}
        return [pk for _at, pk in sorted(newest, reverse=True)[:count]]

    @cached_property
    def _branch(self):
        branch = self._category.get_descendants(include_self=True)
        return list(branch.values_list("pk", flat=True))


def find_newest_in(categories, count):
    """Return (publication, primary key, category) of the newest articles of each category, and of
    those that are listed in it too, so many of each. One query for 200 categories."""
    now, result = timezone.now(), []
    for part in _split(categories):
        result += _newest_in.union([(pk, now, count) for pk in part])
    return result


def count_in(categories):
    """Return how many articles are in these categories or listed in them too, each once. Two
    queries for 200 categories."""
    now, own, guests = timezone.now(), 0, set()
    for part in _split(categories):
        calls = [(pk, now) for pk in part]
        own += sum(_count_own.union(calls))
        guests.update(_list_guests.union(calls))
    return own + len({pk for pk, category in guests if category not in categories})


def _split(categories):
    for start in range(0, len(categories), MOST_PARTS):
        yield categories[start : start + MOST_PARTS]


def read_listed(keys):
    """Return {primary key: row} of those of the articles that are public, pages such as "about us"
    included, the newest first. One query."""
    rows = _rows(sorted(keys), timezone.now()) if keys else ()
    return {row[0]: ListedArticle.build(*row) for row in rows}


def read_newest(limit):
    """Return the rows of so many newest articles. One query."""
    return [ListedArticle.build(*row) for row in _newest(timezone.now(), limit)]


@compiled.rows
def _count_listed(now):
    counted = Article.objects.listed(now).order_by().values("kind").annotate(count=Count("pk"))
    return counted.values_list("count", flat=True)


@compiled.rows
def _newest(now, limit):
    return Article.objects.listed(now).newest_first().values_list(*COLUMNS)[:limit]


@compiled.rows
def _rows(keys, now):
    # An EXISTS for each: SQLite does not know how few keys there are, and would take the index of
    # all published articles for a condition.
    public = Exists(Article.objects.published(now).filter(pk=OuterRef("pk")))
    rows = Article.objects.filter(public, pk__in=compiled.each_of(keys))
    return rows.newest_first().values_list(*COLUMNS)


@compiled.rows
def _count_own(category_id, now):
    own = Article.objects.listed(now).filter(category_id=category_id).order_by()
    return own.values("category_id").annotate(count=Count("pk")).values_list("count", flat=True)


@compiled.rows
def _list_guests(category_id, now):
    """The articles that are listed in a category too, and where they are at home."""
    listed = Exists(Article.objects.listed(now).filter(pk=OuterRef("article_id")))
    links = Article.other_categories.through.objects.order_by()
    links = links.filter(listed, category_id=category_id)
    return links.values_list("article_id", "article__category_id")


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
