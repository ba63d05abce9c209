"""Times as public pages print them, formatted by patterns that are compiled once.

Django reads a pattern anew for each time, which takes longer than all else in the head of a
comment.
"""

from datetime import datetime
from functools import lru_cache
from operator import attrgetter

from django.utils import timezone
from django.utils.dateformat import DateFormat, re_escaped, re_formatchars
from django.utils.formats import get_format
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext

# What becomes of a character of a pattern: a place in a text, and the attribute that fills it.
PLACES = {
    "Y": ("%04d", "year"),
    "m": ("%02d", "month"),
    "n": ("%d", "month"),
    "d": ("%02d", "day"),
    "j": ("%d", "day"),
    "H": ("%02d", "hour"),
    "G": ("%d", "hour"),
    "i": ("%02d", "minute"),
    "s": ("%02d", "second"),
}
MONTHS = "bFMN"  # characters for the name of the month


class Clock:
    """Formats times for the active language and time zone, and the present year."""

    def __init__(self):
        self._zone = timezone.get_current_timezone()

    def format(self, moment, pattern):
        """Format a time as ``date_format`` does."""
        return _compile_pattern(pattern, self._language)(moment.astimezone(self._zone))

    def format_briefly(self, moment):
        """Format a time in few characters, with the year unless it is the present one."""
        time = moment.astimezone(self._zone)
        return (self._brief if time.year == self._year else self._brief_far)(time)

    def format_for_list(self, moment):
        """Format a time for lists, with the year unless it is the present one."""
        is_near = moment.astimezone(self._zone).year == self._year
        return self.format(moment, gettext("j M, H:i") if is_near else gettext("j M Y, H:i"))

    def format_for_front(self, moment):
        """Format a time for readers' lists: today the time alone, yesterday the word and the time,
        before that the day, with the year unless it is the present one."""
        time = moment.astimezone(self._zone)
        days = (self._today - time.date()).days
        if days not in {0, 1}:
            is_near = time.year == self._today.year
            return self.format(moment, gettext("j M") if is_near else gettext("j M Y"))
        at = f"{time:%H:%M}"
        return gettext("Yesterday %(time)s") % {"time": at} if days else at

    def format_time(self, moment):
        """Format a time below the heading of its day."""
        return f"{moment.astimezone(self._zone):%H:%M}"

    def format_iso(self, moment):
        """Format a time as ISO 8601 does, such as 2026-03-01T09:30:00+09:00."""
        return moment.astimezone(self._zone).isoformat("T", "seconds")

    def format_for_machines(self, moment):
        """Format a time as HTML does here, such as 2026-03-01T09:30:00+0900."""
        iso = self.format_iso(moment)
        return iso[:-3] + iso[-2:]

    def format_for_both(self, moment):
        """Format a time for machines and, briefly, for readers."""
        time = moment.astimezone(self._zone)
        iso = time.isoformat("T", "seconds")
        brief = self._brief if time.year == self._year else self._brief_far
        return iso[:-3] + iso[-2:], brief(time)

    @cached_property
    def _language(self):
        return get_language()

    @property
    def _year(self):
        return self._today.year

    @cached_property
    def _today(self):
        return timezone.now().astimezone(self._zone).date()

    @cached_property
    def _brief(self):
        return _compile_pattern(gettext("j M H:i"), self._language)

    @cached_property
    def _brief_far(self):
        return _compile_pattern(gettext("j M Y H:i"), self._language)


@lru_cache(maxsize=64)
def _compile_pattern(pattern, language):
    """Return the function that formats local times by a pattern of Django's in the active
    language, whose name is part of the key."""
    pattern = get_format(pattern or "DATE_FORMAT")
    pieces = re_formatchars.split(pattern)
    characters = pieces[1::2]
    if not set(characters) <= {*PLACES, *MONTHS}:
        return lambda time: DateFormat(time).format(pattern)
    pieces[::2] = [re_escaped.sub(r"\1", piece).replace("%", "%%") for piece in pieces[::2]]
    texts = [_fill_in_month(pieces, month) for month in range(1, 13)]
    names = [PLACES[each][1] for each in characters if each in PLACES]
    read = attrgetter("month", *names, "year")  # two at least, so it returns a tuple

    def format_time(time):
        values = read(time)
        return texts[values[0] - 1] % values[1:-1]

    return format_time


def _fill_in_month(pieces, month):
    """Return the text of a pattern in a month, with places for all but the month's name."""
    names, filled = DateFormat(datetime(2000, month, 1)), [*pieces]
    filled[1::2] = [
        PLACES[each][0] if each in PLACES else str(getattr(names, each)()).replace("%", "%%")
        for each in pieces[1::2]
    ]
    return "".join(filled)
