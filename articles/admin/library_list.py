"""The list of the media library: a grid with filters as tabs, which is also the editor's picker."""

import json

from cabinet.base_admin import FolderListFilter
from cabinet.models import Folder
from django.contrib import admin
from django.contrib.admin.views.main import PAGE_VAR, ChangeList
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from articles.admin.list_pages import load_page
from articles.models import MediaFile
from articles.web.paging import read_integer

OWN = ("open", "new", "sort")  # parameters that filter nothing
OF_PICKER = ("CKEditorFuncNum", "CKEditor", "langCode")  # the editor's names
FOLDER = "folder__id__exact"
SORT, BY_NAME = "sort", "name"


class FolderFilter(FolderListFilter):
    """The open folder. Without one the list shows the newest files of all folders."""

    def queryset(self, request, queryset):
        if not request.GET.get(FOLDER):
            return queryset
        return super().queryset(request, queryset)


class KindFilter(admin.SimpleListFilter):
    """What files lack, and whether an article uses them."""

    title = _("state")
    parameter_name = "kind"
    labels = {
        "": pgettext_lazy("filter", "All"),
        "no_alt": pgettext_lazy("mark", "No alternative text"),
        "no_credit": pgettext_lazy("mark", "No credit"),
        "unused": pgettext_lazy("filter", "Unused"),
        "used": pgettext_lazy("filter", "In use"),
    }

    def lookups(self, request, model_admin):
        return [(name, label) for name, label in self.labels.items() if name]

    def queryset(self, request, queryset):
        match self.value():
            case "no_alt":
                return queryset.without_alt()
            case "no_credit":
                return queryset.without_credit()
            case "unused":
                return queryset.unused()
            case "used":
                return queryset.used()
        return queryset


class LibraryList(ChangeList):
    """The files of a page with the number of articles that use each. As many queries for many
    files as for few."""

    def get_filters_params(self, params=None):
        params = super().get_filters_params(params)
        return {name: value for name, value in params.items() if name not in (*OWN, *OF_PICKER)}

    def get_ordering(self, request, queryset):
        return ["file_name", "-pk"] if self.is_by_name else ["-pk"]

    def get_results(self, request):
        self.is_picker = "CKEditorFuncNum" in self.params
        self.counts = MediaFile.objects.count_kinds()
        rows = self.queryset.with_use_count().select_related("folder")
        load_page(self, request, rows)

    @property
    def is_by_name(self):
        return self.params.get(SORT) == BY_NAME

    @property
    def kind(self):
        """The kind that the list shows; an unknown one shows all."""
        kind = self.params.get(KindFilter.parameter_name, "")
        return kind if kind in KindFilter.labels else ""

    @property
    def tabs(self):
        """(label, address, number, is current) of the filters."""
        name = KindFilter.parameter_name
        return [
            (label, self._link({name: kind or None}), self.counts[kind], kind == self.kind)
            for kind, label in KindFilter.labels.items()
        ]

    @property
    def orders(self):
        """(label, address, is current) of the orders."""
        return [
            (_("Newest first"), self._link({SORT: None}), not self.is_by_name),
            (_("By name"), self._link({SORT: BY_NAME}), self.is_by_name),
        ]

    @property
    def folders(self):
        """(folder, depth, address, is current) of all folders; None stands for all of them. One
        query."""
        chosen = read_integer(self.params.get(FOLDER, ""))
        rows = [(None, 0, self._link({FOLDER: None}), chosen is None)]
        for folder in Folder.objects.with_tree_fields():
            address = self._link({FOLDER: folder.pk})
            rows.append((folder, folder.tree_depth, address, folder.pk == chosen))
        return rows

    def _link(self, changes):
        return self.get_query_string(changes, [PAGE_VAR, "open", "new"])


def build_pick(file):
    """Return as JSON what the editor takes of a file, as ``cabinet.ckeditor`` names it."""
    return json.dumps(
        {
            "id": file.pk,
            "alternative_text": file.image_alt_text,
            "caption": file.caption,
            "copyright": file.copyright,
        }
    )
