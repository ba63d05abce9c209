"""Deleting where other things depend on it: a short list of what stands against it."""

from django.contrib import admin
from django.utils.translation import ngettext

NAMED = 10  # of the things that stand against a deletion; an article may have 1,000 comments


class GentleDeletion(admin.ModelAdmin):
    """Who may delete a thing may delete what hangs on it; what protects it is named in short."""

    def get_deleted_objects(self, objs, request):
        deleted, counts, needed, protected = super().get_deleted_objects(objs, request)
        protected = [*protected, *self.protecting(objs)]
        more = len(protected) - NAMED
        if more > 0:
            more = ngettext("and %(count)d more", "and %(count)d more", more) % {"count": more}
            protected = [*protected[:NAMED], more]
        return deleted, counts, needed & {self.opts.verbose_name}, protected

    def protecting(self, objs):
        """Return what else stands against deleting these, for the list."""
        return []
