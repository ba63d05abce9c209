"""What every page knows of the site."""

from django.conf import settings
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from articles.models import Category


def site(request):
    """Return the site's name and address, its root categories and the date of today."""
    return {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "nav_categories": SimpleLazyObject(lambda: list(Category.objects.filter(parent=None))),
        "today": SimpleLazyObject(timezone.localdate),
    }
