"""Autocomplete fields that survive a form filled in by a tool.

Django's widgets query the database for any value sent, and fail on one that is no primary key.
"""

from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple

from articles.web.paging import read_integer

NO_ROW = "0"


def _is_too_large(text):
    return text.strip().isdigit() and read_integer(text.strip()) is None


class NumbersOnly:
    """Shows the chosen rows whose values are numbers; the field reports the others."""

    def optgroups(self, name, value, attr=None):
        numbers = [number for number in value if read_integer(str(number)) is not None]
        return super().optgroups(name, numbers, attr)


class NumberSelect(NumbersOnly, AutocompleteSelect):
    pass


class NumberSelectMultiple(NumbersOnly, AutocompleteSelectMultiple):
    def value_from_datadict(self, data, files, name):
        """Replace a number that no database takes with one that no row has."""
        values = super().value_from_datadict(data, files, name) or []
        return [
            NO_ROW if str(value).isdigit() and _is_too_large(value) else value for value in values
        ]


class AutocompleteFields:
    """For a ModelAdmin or an inline: gives its ``autocomplete_fields`` these widgets."""

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        self._choose_widget(NumberSelect, db_field, request, kwargs)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        self._choose_widget(NumberSelectMultiple, db_field, request, kwargs)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def _choose_widget(self, widget, db_field, request, kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = widget(db_field, self.admin_site, using=kwargs.get("using"))
