"""The page of overlapping changes: what two editors made of the same places, side by side."""

from datetime import datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext

from articles.comparison.body_changes import compare_units
from articles.comparison.field_changes import describe_entries, label_part
from articles.comparison.line_html import LineRenderer
from articles.comparison.units import PARAGRAPH, Unit, Word, build_unit, read_units
from articles.merging import BOTH, MINE
from articles.models import Byline

CHOICE = "choice-"  # prefix of the fields that choose a side
ROWS = {"sources", "related", "credits"}
VOICES = {"title", "lead"}  # fields that are shown as readers see them
PICTURE = "lead_image"


def name_sides(*, is_own):
    """Return the texts of the page for its two sides: two people, or two tabs of one."""
    if is_own:
        return {
            "mine": gettext("This tab"),
            "theirs": gettext("The other tab"),
            "all_mine": gettext("This tab everywhere"),
            "all_theirs": gettext("The other tab everywhere"),
            "order": gettext("those of the other tab after those of this one"),
        }
    return {
        "mine": gettext("Mine"),
        "theirs": gettext("Theirs"),
        "all_mine": gettext("Mine everywhere"),
        "all_theirs": gettext("Theirs everywhere"),
        "order": gettext("theirs after mine"),
    }


class MergePage:
    """``overlap`` holds the merge, the form and the versions."""

    def __init__(self, overlap):
        self.form, self.merge, self.choices = overlap.form, overlap.merge, overlap.choices
        sides = (overlap.base, overlap.mine, overlap.theirs)
        pictures = (f'<img data-file="{side.values.get(PICTURE)}">' for side in sides)
        self.renderer = LineRenderer(*(side.body for side in sides), *pictures)

    def list_conflicts(self):
        return [
            {
                "name": CHOICE + conflict.name,
                "label": self._name_place(conflict.place, is_body=conflict.name.startswith("body")),
                "voice": conflict.place if conflict.place in VOICES else "",
                "mine": self._compare(conflict, conflict.mine),
                "theirs": self._compare(conflict, conflict.theirs),
                "allows_both": BOTH in conflict.choices(),
                "choice": self.choices.get(conflict.name, ""),
            }
            for conflict in self.merge.conflicts
        ]

    def list_taken(self):
        """Return what overlaps with nothing and is taken, of each side."""
        places = {True: [], False: []}
        for change in self.merge.changes:
            label = str(self._name_place(change.place, is_body=isinstance(change.place, int)))
            if label not in places[change.side == MINE]:
                places[change.side == MINE].append(label)
        count = sum(map(len, places.values()))
        return {"mine": places[True], "theirs": places[False], "count": count}

    def _name_place(self, place, *, is_body):
        if is_body:
            return gettext("Text, paragraph %(number)d") % {"number": place or 1}
        return self.form.fields[place].label if place in self.form.fields else label_part(place)

    def _compare(self, conflict, side):
        """Return the lines of a side with what it changed; none if it removed everything."""
        if conflict.name.startswith("body"):
            units = (read_units("".join(html)) for html in (conflict.base, side))
            lines = compare_units(*units) if side else []
        elif conflict.place in ROWS:
            rows = (self._list_rows(conflict.place, values) for values in (conflict.base, side))
            lines = compare_units(*rows) if side else []
        else:
            base, value = (
                self._build_unit(conflict.place, each[0]) for each in (conflict.base, side)
            )
            lines = compare_units([], [], heads=[(base, value)]) if value.words else []
        for line in lines:
            line.html = self.renderer.render(line)
        return lines

    def _list_rows(self, name, rows):
        if name == "credits":
            names = Byline.objects.in_bulk([row["byline"] for row in rows])
            rows = [{**row, "title": str(names.get(row["byline"], ""))} for row in rows]
        return [build_unit(PARAGRAPH, words) for words in describe_entries(name, rows)]

    def _build_unit(self, name, value):
        """Return a value of a field as a unit."""
        if name == PICTURE and value:
            return Unit("image", (), [Word("", (("img", str(value)),))])
        return build_unit(
            name if name in VOICES else PARAGRAPH, write_label(self.form, name, value)
        )


def write_label(form, name, value):
    """Return a value of a field as editors read it."""
    if value is None or value == "":
        return ""
    if isinstance(value, datetime):
        return date_format(localtime(value), "DATETIME_FORMAT")
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    field = form.fields[name]
    if hasattr(field, "queryset"):
        return str(field.queryset.model.objects.filter(pk=value).first() or value)
    return str(dict(getattr(field, "choices", [])).get(value, value))
