"""Sitemaps (sitemaps.org), the news sitemap (Google News) and robots.txt.

They list public pages only, under the address in SITE_URL.
"""

from datetime import timedelta
from types import SimpleNamespace
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.core.cache import cache
from django.core.paginator import InvalidPage
from django.db.models import Max
from django.http import Http404, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe
from taggit.models import Tag

from articles.models import Article, Byline, Category, Credit, Series
from articles.web.addresses import build_absolute_url, build_path_pattern
from articles.web.html import remove_unprintable

XML = "application/xml; charset=utf-8"
NEWS_AGE = timedelta(hours=48)
NEWS = ("title", "language", "slug", "published_at", "updated_at")
MOST_NEWS = 1_000  # the limit of Google
PERIOD = 600  # seconds that the index is cached, as it counts all objects
# The admin and moderation, readers' own pages, forms and fragments of pages.
DISALLOWED = (
    *("/admin/", "/moderation/", "/me/", "/search/suggest/", "/threads/"),
    *(f"/search/?*{name}=" for name in ("category", "order", "page", "period", "tag")),
    *(
        f"/comments/*/{verb}/"
        for verb in ("reply", "edit", "delete", "report", "object", "vote", "quoted", "tree")
    ),
)
ALLOWED = ("/threads/*/feed/", "/me/$")  # the page itself; nothing below it


class Listed(Sitemap):
    """A sitemap of (path, time of the last change)."""

    def location(self, item):
        return item[0]

    def lastmod(self, item):
        return item[1]


class Articles(Sitemap):
    limit = 5_000

    def items(self):
        """The oldest first, so that a new article changes the last page only."""
        fields = ("slug", "published_at", "updated_at")
        return Article.objects.listed().only(*fields).order_by("published_at", "pk")

    def lastmod(self, article):
        return article.modified_at


class Categories(Listed):
    def items(self):
        """The categories with listed articles, and the date of the newest one."""
        dates = _find_newest_dates()
        categories = list(Category.objects.all())
        for category in sorted(categories, key=lambda category: -category.level):
            if category.parent_id and (date := dates.get(category.pk)):
                dates[category.parent_id] = max(date, dates.get(category.parent_id, date))
        return [
            (category.get_absolute_url(), dates[category.pk])
            for category in categories
            if category.pk in dates
        ]


def _find_newest_dates():
    """Return {category id: date of its newest article}, without categories below it."""
    listed = Article.objects.listed().order_by()
    own = listed.exclude(category=None).values_list("category")
    dates = dict(own.annotate(Max("published_at")))
    links = Article.other_categories.through.objects.filter(article__in=listed)
    for pk, date in links.values_list("category").annotate(Max("article__published_at")):
        dates[pk] = max(date, dates.get(pk, date))
    return dates


class Tags(Listed):
    limit = 5_000

    def items(self):
        tags = Tag.objects.filter(article__in=Article.objects.listed()).order_by("pk")
        newest = tags.annotate(newest=Max("article__published_at")).values_list("slug", "newest")
        return [(reverse("articles:tag", args=[slug]), date) for slug, date in newest]


class Authors(Listed):
    def items(self):
        """The authors and guests who sign listed articles, and the date of the newest one."""
        listed = Article.objects.listed()
        unsigned = listed.exclude(author=None).exclude(credits__part=Credit.Part.TEXT)
        own = unsigned.order_by("author").values_list("author")
        dates = {
            build_path_pattern("articles:author") % pk: date
            for pk, date in own.annotate(Max("published_at"))
        }
        signed = Byline.objects.filter(credits__article__in=listed).order_by("pk")
        for byline in signed.annotate(newest=Max("credits__article__published_at")):
            path = byline.get_absolute_url()
            dates[path] = max(byline.newest, dates.get(path, byline.newest))
        return list(dates.items())


class SeriesPages(Listed):
    def items(self):
        """The series with listed articles, and the date of the newest one."""
        newest = Series.objects.filter(articles__in=Article.objects.listed()).order_by("pk")
        newest = newest.annotate(newest=Max("articles__published_at"))
        return [(series.get_absolute_url(), series.newest) for series in newest]


class Pages(Listed):
    """The front page, the archive, the overview of feeds, and pages such as "about us"."""

    def items(self):
        newest = Article.objects.listed().aggregate(newest=Max("published_at"))["newest"]
        lists = [(reverse("home"), newest), (reverse("articles:archive"), newest)]
        pages = Article.objects.pages().only("slug", "kind", "published_at", "updated_at")
        return [
            *lists,
            (reverse("feeds"), None),
            *((page.get_absolute_url(), page.modified_at) for page in pages),
        ]


SITEMAPS = {
    "articles": Articles,
    "categories": Categories,
    "tags": Tags,
    "authors": Authors,
    "series": SeriesPages,
    "pages": Pages,
}


@require_safe
def index(request):
    addresses = cache.get_or_set("sitemaps", _list_addresses, timeout=PERIOD)
    return _respond(request, "newsroom/sitemap_index.xml", addresses=addresses)


def _list_addresses():
    addresses = []
    for name, sitemap in SITEMAPS.items():
        address = build_absolute_url(reverse("sitemap", args=[name]))
        numbers = range(2, sitemap().paginator.num_pages + 1)
        addresses += [address, *(f"{address}?p={number}" for number in numbers)]
    return addresses


@require_safe
def section(request, name):
    if name not in SITEMAPS:
        raise Http404(f"No sitemap {name}")
    site = urlsplit(settings.SITE_URL)
    host = SimpleNamespace(domain=site.netloc)
    try:
        entries = SITEMAPS[name]().get_urls(request.GET.get("p", 1), host, site.scheme)
    except InvalidPage as error:
        raise Http404(str(error)) from error
    return _respond(request, "newsroom/sitemap.xml", entries=entries)


@require_safe
def news(request):
    since = timezone.now() - NEWS_AGE
    articles = Article.objects.listed().filter(published_at__gte=since).newest_first()
    return _respond(
        request,
        "newsroom/sitemap_news.xml",
        articles=articles.only(*NEWS)[:MOST_NEWS],
    )


def _respond(request, template, **context):
    return HttpResponse(
        remove_unprintable(render_to_string(template, context, request)), content_type=XML
    )


@require_safe
def robots(request):
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in DISALLOWED),
        *(f"Allow: {path}" for path in ALLOWED),
        "",
        f"Sitemap: {build_absolute_url(reverse('sitemaps'))}",
        f"Sitemap: {build_absolute_url(reverse('sitemap_news'))}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
