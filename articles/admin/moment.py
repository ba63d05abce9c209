"""The field for a date with its time, with the browser's own pickers."""

from django.forms import SplitDateTimeWidget
from django.utils.translation import gettext_lazy as _


class MomentWidget(SplitDateTimeWidget):
    """Two fields of the browser: they need no script, and phones show their own pickers."""

    def __init__(self, attrs=None):
        super().__init__(
            attrs,
            date_format="%Y-%m-%d",
            time_format="%H:%M:%S",  # whole, or a form sent unchanged would change the moment
            date_attrs={"type": "date", "class": "moment__date", "aria-label": _("Date")},
            time_attrs={"type": "time", "class": "moment__time", "aria-label": _("Time")},
        )
