"""The template context of every page."""

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from articles.lookup import find_next_change
from articles.models import Article, Category, compiled
from articles.web.editions import build_edition_key

FOOTER_PAGES = 8
MINUTE = 60  # seconds


def site(request):
    """Return the site's name and address, root categories, footer pages and the date."""
    return {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "takes_webmentions": settings.WEBMENTIONS,
        "nav_categories": SimpleLazyObject(lambda: list(Category.objects.filter(parent=None))),
        "footer_pages": SimpleLazyObject(_load_footer_pages),
        "today": SimpleLazyObject(timezone.localdate),
    }


def _load_footer_pages():
    """Return [(title, path), …] of the first pages such as "about us"; cached for a minute, but not
    longer than until an article appears or expires by itself."""
    key = build_edition_key("footer-pages")
    pages = cache.get(key)
    if pages is None:
        change = find_next_change()
        pages = list_footer_pages()
        left = (change - timezone.now()).total_seconds() if change else MINUTE
        cache.set(key, pages, timeout=min(MINUTE, left))
    return pages


def list_footer_pages():
    """Return [(title, path), …] of the first pages such as "about us". One query."""
    return [(page.title, page.get_absolute_url()) for page in _pages(timezone.now())]


@compiled.rows
def _pages(now):
    """The first pages such as "about us"."""
    return Article.objects.pages(now).only("title", "language", "slug")[:FOOTER_PAGES]
