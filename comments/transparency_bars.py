"""The figures of a month as a page shows them: sentences, and labelled numbers with bars."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from comments.models.states import PUBLIC_REASONS, Verb
from comments.transparency import FEWEST, SHOWN, conceal_few, load_removed

TABS = 6  # months above the page
LONGEST = 78  # percent of the place that the longest bar takes; the rest is for its number
HIGHEST = 64  # pixels of the highest one of the months


@dataclass(frozen=True, slots=True)
class Bar:
    """A labelled number with its bar, ``length`` long; ``kept`` percent of that is thick."""

    label: str
    number: str
    length: int = 0
    kept: int = 0
    restored: str = ""
    median: str = ""
    address: str = ""
    is_current: bool = False


def describe_month(month):
    """Return the sentences that say what was done."""
    values = {
        "month": name_month(month.start),
        "written": f"{month.written:,d}",
        "removed": f"{month.total.removed:,d}",
        "restored": f"{month.total.restored:,d}",
        "few": FEWEST,
    }
    removed, restored = month.total.removed, month.total.restored
    if not removed:
        return [_("%(month)s: %(written)s comments were written, none was removed.") % values]
    if removed < FEWEST:
        text = _("%(month)s: %(written)s comments were written, fewer than %(few)s were removed.")
        return [text % values]
    first = _("%(month)s: %(written)s comments were written, %(removed)s were removed%(share)s.")
    share = removed / month.written if month.written else 0
    values["share"] = f" ({share:.1%})" if 0 < share < 1 else ""
    if not restored:
        second = _("None of them was restored later.")
    elif restored < FEWEST:
        second = _("Fewer than %(few)s of them were restored later.")
    else:
        second = _("%(restored)s of them were restored later.")
    return [first % values, second % values]


def format_duration(time):
    """Format a duration in its two largest units."""
    if time is None:
        return "–"
    minutes = count_minutes(time)
    days, hours = divmod(minutes // 60, 24)
    if days >= 2:
        return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}
    if minutes >= 60:
        values = {"hours": days * 24 + hours, "minutes": minutes % 60}
        pattern = _("%(hours)d h %(minutes)d min") if values["minutes"] else _("%(hours)d h")
        return pattern % values
    return _("%(minutes)d min") % {"minutes": minutes}


def count_minutes(time):
    return None if time is None else round(time.total_seconds() / 60)


def _format_concealed(shown, number):
    """Format a number, of which ``shown`` is None if it is concealed."""
    if shown is None and number >= FEWEST:
        return _("not shown")
    return _format_few(number)


def _format_few(number):
    """Format a number on its own; from 1 to 4 it is concealed."""
    if 0 < number < FEWEST:
        return _("fewer than %(few)d") % {"few": FEWEST}
    return f"{number:,d}"


def name_month(start):
    return date_format(start, "YEAR_MONTH_FORMAT")


def build_address(start):
    return reverse("comments:transparency_month", args=[start.year, start.month])


def build_figures(month, before):
    """Return the four large figures as (label, number, unit, note)."""
    earlier = answered = ""
    if before and before.total.median is not None:
        values = {
            "month": date_format(before.start, _("F")),
            "time": format_duration(before.total.median),
        }
        earlier = _("%(month)s: %(time)s") % values
    if month.answer_median is not None:
        values = {"time": format_duration(month.answer_median)}
        answered = _("Answered in %(time)s (median)") % values
    other = _("Answered by another moderator, where there is one")
    return [
        (_("Until the decision (median)"), format_duration(month.total.median), "", earlier),
        (_("Reports"), *_count_units(month.reports), describe_reports(month)),
        (_("Objections"), *_count_units(month.objections), other),
        (_("Upheld objections"), *_count_units(month.upheld), answered),
    ]


def _count_units(number):
    """Return a number on its own with its unit."""
    few = 0 < number < FEWEST
    return _format_few(number), "" if few else pgettext("unit of reports", "cases")


def describe_reports(month):
    if month.reports_kept < FEWEST or month.reports - month.reports_kept < FEWEST:
        return ""
    share = f"{month.reports_kept / month.reports:.0%}"
    return _("In %(share)s of them the comment stayed") % {"share": share}


def list_reasons(month):
    """Return ((reason, label), removed, restored) with few numbers concealed."""
    figures = [month.reasons[reason] for reason, _label in PUBLIC_REASONS]
    removed = conceal_few([each.removed for each in figures])
    restored = conceal_few([each.restored for each in figures])
    return list(zip(PUBLIC_REASONS, removed, restored, strict=True))


def build_reasons(month):
    """Return the bars of the reasons, the longest first."""
    rows = list_reasons(month)
    most = max((removed or 0 for _reason, removed, _restored in rows), default=0) or 1
    bars = []
    for (reason, label), removed, restored in sorted(rows, key=lambda row: -(row[1] or 0)):
        length = (removed or 0) * LONGEST // most
        kept = 100 - (restored or 0) * 100 // removed if removed else 0
        bars.append(
            Bar(
                label=label,
                number=_format_concealed(removed, month.reasons[reason].removed),
                length=length,
                kept=max(kept, 0),
                restored=_format_concealed(restored, month.reasons[reason].restored),
                median=format_duration(month.reasons[reason].median if removed else None),
            )
        )
    return bars


def build_total(month):
    return Bar(
        label="",
        number=_format_few(month.total.removed),
        restored=_format_few(month.total.restored),
        median=format_duration(month.total.median),
    )


def _build_bars(labels, numbers):
    concealed = conceal_few(numbers)
    most = max((number or 0 for number in concealed), default=0) or 1
    return [
        Bar(label, _format_concealed(shown, number), (shown or 0) * LONGEST // most)
        for label, shown, number in zip(labels, concealed, numbers, strict=True)
    ]


def build_waits(month):
    labels = [_("15 minutes"), _("1 hour"), _("6 hours"), _("24 hours"), _("longer")]
    return _build_bars(labels, month.waits)


def build_sources(month):
    labels = [_("Reports of readers"), _("Word rules"), _("Other checks"), _("Moderators")]
    return _build_bars(labels, list(month.sources.values()))


def build_others(month):
    """Return (label, number) of what was done beside removals."""
    hours = round(month.raid_time.total_seconds() / 3600)
    raids = _("%(count)d times, %(hours)d hours") % {"count": month.raids, "hours": hours}
    numbers = {verb: month.acts.get(verb, 0) for verb in (Verb.BAN, Verb.ERASE, Verb.LOCK)}
    return [
        (_("Raid protection"), raids if month.raids else "0"),
        (_("Bans"), _format_few(numbers[Verb.BAN])),
        (_("Erased for legal reasons"), _format_few(numbers[Verb.ERASE])),
        (_("Locked branches"), f"{numbers[Verb.LOCK]:,d}"),
    ]


def choose_months(months, start):
    """Return the months of the chart, newest first: the last ones, or those up to an older one."""
    place = months.index(start)
    first = place if place >= SHOWN else 0
    return months[first : first + SHOWN]


def build_chart(shown, start):
    """Return the bars of some months, oldest first."""
    counts = {each: load_removed(each) for each in shown}
    most = max(counts.values(), default=0) or 1
    return [
        Bar(
            label=date_format(each, _("M")),
            number=_format_few(counts[each]),
            length=(counts[each] if counts[each] >= FEWEST else 0) * HIGHEST // most,
            address=build_address(each),
            is_current=each == start,
        )
        for each in reversed(shown)
    ]


def build_tabs(months, start):
    """Return (label, address, whether it is shown) of the last months, and of the one shown."""
    shown = months[:TABS] if start in months[:TABS] else [*months[:TABS], start]
    return [
        (
            date_format(each, _("F") if each.year == months[0].year else "YEAR_MONTH_FORMAT"),
            build_address(each),
            each == start,
        )
        for each in shown
    ]
