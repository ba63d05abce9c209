"""When a page changes by itself: an article is scheduled or expires, a measure ends."""

from datetime import timedelta
from math import inf

from django.utils import timezone

CHANGES_AT = "newsroom.changes_at"  # a variable of a request, in Unix time


def note_change(request, at):
    """Note that the page of a request changes by itself at a moment, or never (None); the page
    cache sends it no longer than that.

    The moment was still to come when the content was read. It may pass while the page is rendered.
    """
    if at is not None:
        noted = request.META.get(CHANGES_AT, inf)
        request.META[CHANGES_AT] = min(noted, at.timestamp())


def find_new_year():
    """Return when the year of the site's time zone ends: comments leave out the present year."""
    now = timezone.localtime()
    return now.replace(year=now.year + 1, month=1, day=1, hour=0, minute=0, second=0, microsecond=0)


def find_midnight():
    """Return when the day of the site's time zone ends, in Unix time: pages name the day."""
    tomorrow = timezone.localtime() + timedelta(days=1)
    return tomorrow.replace(hour=0, minute=0, second=0, microsecond=0).timestamp()
