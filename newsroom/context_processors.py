"""What every page knows of the site."""

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from articles.models import Article, Category

FOOTER_PAGES = 8
MINUTE = 60  # seconds


def site(request):
    """Return the site's name and address, its root categories, the pages that its foot names and
    the date of today."""
    return {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "nav_categories": SimpleLazyObject(lambda: list(Category.objects.filter(parent=None))),
        "footer_pages": SimpleLazyObject(footer_pages),
        "today": SimpleLazyObject(timezone.localdate),
    }


def footer_pages():
    """Return [(title, path), …] of the first pages that stand outside the lists, such as "about
    us", in the order of their publication; at most a minute old."""

    def found():
        pages = Article.objects.pages().only("title", "slug")[:FOOTER_PAGES]
        return [(page.title, page.get_absolute_url()) for page in pages]

    return cache.get_or_set("footer-pages", found, timeout=MINUTE)
