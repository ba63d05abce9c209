"""The template context of every page."""

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from articles.models import Article, Category

FOOTER_PAGES = 8
MINUTE = 60  # seconds


def site(request):
    """Return the site's name and address, its root categories, footer pages and today's date."""
    return {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "nav_categories": SimpleLazyObject(lambda: list(Category.objects.filter(parent=None))),
        "footer_pages": SimpleLazyObject(
            lambda: cache.get_or_set("footer-pages", _query_footer_pages, timeout=MINUTE)
        ),
        "today": SimpleLazyObject(timezone.localdate),
    }


def _query_footer_pages():
    """Return [(title, path), …] of the first pages such as "about us"."""
    pages = Article.objects.pages().only("title", "slug")[:FOOTER_PAGES]
    return [(page.title, page.get_absolute_url()) for page in pages]
