"""Forms that show the fields of a working copy: bound to them, but not validated."""

from django.forms.utils import ErrorDict
from django.http import QueryDict


class RestoredFields(QueryDict):
    """The fields of a working copy. A form bound to them reports no errors yet."""

    def __init__(self, fields):
        super().__init__(mutable=True)
        for name, values in fields.items():
            self.setlist(name, values)


def build_query(fields):
    """Return the fields of a working copy as a form sends them."""
    query = QueryDict(mutable=True)
    for name, values in fields.items():
        query.setlist(name, values)
    return query


class RestorableForm:
    """A mixin for forms."""

    def full_clean(self):
        if isinstance(self.data, RestoredFields):
            self._errors, self.cleaned_data = ErrorDict(), {}
        else:
            super().full_clean()


class RestorableFormSet:
    """A mixin for formsets whose forms are restorable."""

    def full_clean(self):
        if isinstance(self.data, RestoredFields):
            self._errors, self._non_form_errors = [], self.error_class()
        else:
            super().full_clean()
