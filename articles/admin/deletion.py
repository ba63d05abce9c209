"""Deletions that other objects prevent, with a short list of these objects."""

from django.contrib import admin
from django.utils.translation import ngettext

NAMED = 10  # protecting objects in the list; an article may have 1,000 comments


class GentleDeletion(admin.ModelAdmin):
    """Needs no right to delete dependent objects, and shortens the list of protecting ones."""

    def get_deleted_objects(self, objs, request):
        deleted, counts, needed, protected = super().get_deleted_objects(objs, request)
        protected = [*protected, *self.list_protecting(objs)]
        more = len(protected) - NAMED
        if more > 0:
            more = ngettext("and %(count)d more", "and %(count)d more", more) % {"count": more}
            protected = [*protected[:NAMED], more]
        return deleted, counts, needed & {self.opts.verbose_name}, protected

    def list_protecting(self, objs):
        """Return further reasons not to delete these objects, as texts."""
        return []
