"""The form that takes a measure."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comments.forms import PlainField, UnseenField

HOURS = (1, 3, 6, 12, 24, 72, 168)
RAID_HOURS = (1, 2, 3, 6, 12, 24)
SLOW_MINUTES = (1, 5, 10, 30, 60)
DAY = 24  # hours


def list_hours(hours=HOURS):
    """Return the terms of a measure as (hours, label)."""
    return [(each, _name_term(each)) for each in hours]


def list_terms():
    """Return the terms, and that without an end first."""
    return [("", _("Without an end")), *list_hours()]


def list_minutes():
    return [
        (each, ngettext("%(count)d minute", "%(count)d minutes", each) % {"count": each})
        for each in SLOW_MINUTES
    ]


def _name_term(hours):
    if hours % DAY:
        return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
    days = hours // DAY
    return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}


class MeasureForm(forms.Form):
    """A measure: its value, its term in hours, and a note for colleagues."""

    value = forms.CharField(required=False, max_length=10)
    hours = forms.IntegerField(required=False, min_value=1, max_value=24 * 366)
    note = PlainField(max_length=1_000, required=False)
    seen = UnseenField()
