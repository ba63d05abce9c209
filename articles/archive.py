"""The archive: articles by year and month of publication, in the time zone of the site."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.core.cache import cache
from django.db.models import Count
from django.db.models.functions import TruncMonth
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from articles.models import Article
from articles.web.editions import build_edition_key

MINUTE = 60  # seconds


@dataclass(frozen=True, slots=True)
class Period:
    """A year, or a month of a year."""

    year: int
    month: int | None = None

    @property
    def first_day(self):
        return date(self.year, self.month or 1, 1)

    @property
    def name(self):
        return date_format(self.first_day, _("F Y") if self.month else _("Y"))

    @property
    def path(self):
        if self.month:
            return reverse("articles:month", args=[self.year, f"{self.month:02d}"])
        return reverse("articles:year", args=[self.year])

    @property
    def whole_year(self):
        return Period(self.year)

    def articles(self):
        begin, end = self._compute_bounds()
        return Article.objects.listed().filter(published_at__gte=begin, published_at__lt=end)

    def previous(self):
        """Return the last year or month before this one that has an article, or None."""
        before = Article.objects.listed().filter(published_at__lt=self._compute_bounds()[0])
        return self._find_period(before.newest_first())

    def next(self):
        """Return the first year or month after this one that has an article, or None."""
        after = Article.objects.listed().filter(published_at__gte=self._compute_bounds()[1])
        return self._find_period(after.order_by("published_at", "pk"))

    def _compute_bounds(self):
        """Return the first moment of the period and that of the next one."""
        zone = timezone.get_current_timezone()
        begin = datetime(self.year, self.month or 1, 1, tzinfo=zone)
        year, month = divmod(self.month or 12, 12)  # December is followed by the next year
        return begin, begin.replace(year=self.year + year, month=month + 1)

    def _find_period(self, articles):
        published_at = articles.values_list("published_at", flat=True).first()
        if published_at is None:
            return None
        day = timezone.localdate(published_at)
        return Period(day.year, day.month if self.month else None)


def list_years():
    """Return [(year, [(month, number of articles), …]), …], newest first; cached for a minute."""
    counts = cache.get_or_set(build_edition_key("archive"), _count_months, timeout=MINUTE)
    months = [(Period(year, month), count) for year, month, count in counts]
    return [(year, list(group)) for year, group in groupby(months, lambda pair: pair[0].whole_year)]


def _count_months():
    months = (
        Article.objects.listed()
        .order_by()
        .values(first=TruncMonth("published_at"))
        .annotate(count=Count("pk"))
        .order_by("-first")
    )
    return [(row["first"].year, row["first"].month, row["count"]) for row in months]
