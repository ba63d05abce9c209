"""The public page of moderation in numbers, its table (CSV) and its feed (Atom)."""

import csv
from datetime import datetime

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from articles.web.addresses import build_absolute_url
from articles.web.sentences import join_sentences
from comments import transparency_bars as bars
from comments.transparency import SHOWN, list_months, load_month, shift_month

FRESH = 300  # seconds
shared = cache_control(public=True, max_age=FRESH)


@require_safe
@shared
def transparency(request, year=None, month=None):
    """Show a complete month, the last one by default."""
    months = list_months()
    start = _find_month(months, year, month)
    if start is None:
        return render(request, "comments/transparency.html", {"month": None})
    shown = load_month(start)
    before = load_month(shift_month(start, -1)) if shift_month(start, -1) in months else None
    chart = bars.choose_months(months, start)
    older = months[months.index(chart[-1]) + 1 :]
    context = {
        "month": shown,
        "sentences": bars.describe_month(shown),
        "figures": bars.build_figures(shown, before),
        "reasons": bars.build_reasons(shown),
        "total": bars.build_total(shown),
        "waits": bars.build_waits(shown),
        "sources": bars.build_sources(shown),
        "reports": bars.describe_reports(shown),
        "others": bars.build_others(shown),
        "chart": bars.build_chart(chart, start),
        "tabs": bars.build_tabs(months, start),
        "earlier": bars.build_address(older[0]) if older else "",
    }
    return render(request, "comments/transparency.html", context)


@require_safe
@shared
def table(request):
    """Answer with the last months as CSV, a line for each month and reason. An empty field is a
    number from 1 to 4, or one from which such a number could be computed."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="moderation.csv"'
    response.write("\ufeff")  # spreadsheets then read it as UTF-8
    writer = csv.writer(response)
    writer.writerow(["month", "reason", "removed", "restored", "median_minutes"])
    for start in list_months()[:SHOWN]:
        month = load_month(start)
        for (reason, _label), removed, restored in bars.list_reasons(month):
            time = month.reasons[reason].median if removed else None
            minutes = bars.count_minutes(time)
            writer.writerow([f"{start:%Y-%m}", reason, removed, restored, minutes])
    return response


@require_safe
@shared
def feed(request):
    """Show the last months as Atom."""
    page = build_absolute_url(reverse("comments:transparency"))
    title = _("%(site)s: moderation in numbers") % {"site": settings.SITE_NAME}
    atom = Atom1Feed(
        title=title,
        link=page,
        description="",
        feed_url=build_absolute_url(reverse("comments:transparency_feed")),
        feed_guid=page,
    )
    for start in list_months()[:SHOWN]:
        address = build_absolute_url(bars.build_address(start))
        end = shift_month(start, 1)
        zone = timezone.get_default_timezone()
        published = datetime(end.year, end.month, end.day, tzinfo=zone)
        atom.add_item(
            title=bars.name_month(start),
            link=address,
            description=join_sentences(bars.describe_month(load_month(start))),
            unique_id=address,
            pubdate=published,
            updateddate=published,
        )
    return HttpResponse(atom.writeString("utf-8"), content_type=atom.content_type)


def _find_month(months, year, month):
    """Return the first day of the month of an address; None if none is complete."""
    if year is None:
        return months[0] if months else None
    chosen = [start for start in months if (start.year, start.month) == (year, month)]
    if not chosen:
        raise Http404
    return chosen[0]
