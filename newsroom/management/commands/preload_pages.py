"""Renders the pages of articles that are not cached: ``manage.py preload_pages [--limit N]``."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from newsroom.page_cache.page_versions import DatabaseAway
from newsroom.page_cache.preloading import Preloader, Unkept

LOCAL = "django.core.cache.backends.locmem.LocMemCache"


class Command(BaseCommand):
    help = "Render the pages of the newest articles that are not in the cache, at full speed."

    def add_arguments(self, parser):
        parser.add_argument(
            "--limit",
            type=int,
            default=settings.PAGES_PRELOADED,
            help="articles to look at; default: PAGES_PRELOADED",
        )

    def handle(self, *, limit, **options):
        if settings.CACHES["pages"]["BACKEND"] == LOCAL:
            raise CommandError(
                _("Each process has a cache of its own. Set CACHE_URL to a Redis that all share.")
            )
        if not settings.PAGE_CACHE_SECONDS:
            raise CommandError(_("PAGE_CACHE_SECONDS is 0: the site keeps no pages."))
        from newsroom.wsgi import build_page_cache

        try:
            number = Preloader(build_page_cache).run(max(0, limit))
        except (Unkept, DatabaseAway) as error:
            raise CommandError(
                _("The cache or the database does not answer; nothing more was rendered.")
            ) from error
        self.stdout.write(_("Rendered: %d pages.") % number)
