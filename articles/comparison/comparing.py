"""One comparison of two sides: the text with its numbered changes, and the table of fields."""

from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from articles.body.stored import load_files
from articles.comparison.body_changes import KEPT, compare_units, group_lines
from articles.comparison.field_changes import compare_fields, compare_lists
from articles.comparison.line_html import LineRenderer
from articles.comparison.two_sides import Side
from articles.comparison.units import build_unit, read_units

HEADS = ("title", "lead")


@dataclass
class Comparison:
    old: Side
    new: Side

    @cached_property
    def changes(self):
        """The text in parts: changes, and the unchanged between them."""
        heads = [
            tuple(build_unit(name, getattr(side, name)) for side in (self.old, self.new))
            for name in HEADS
        ]
        lines = compare_units(*self._units, heads=heads)
        return group_lines([line for line in lines if line.pieces or line.unit.kind not in HEADS])

    @cached_property
    def _units(self):
        return read_units(self.old.body), read_units(self.new.body)

    @cached_property
    def fields(self):
        changes = compare_fields(self.old, self.new)
        orders = [_list_pictures(units) for units in self._units]
        if orders[0] != orders[1]:
            changes.append(self._compare_pictures(*orders))
        return changes

    def _compare_pictures(self, old, new):
        files = load_files("".join((self.old.body, self.new.body)))
        names = {str(pk): file.file_name for pk, file in files.items()}
        sides = ([names.get(pk, pk) for pk in side] for side in (old, new))
        return compare_lists(_("Order of the pictures"), *sides)

    @property
    def count(self):
        """How many changes the text has."""
        return len([change for change in self.changes if change.kind != KEPT])

    @property
    def sizes(self):
        """How many characters were removed and added."""
        pieces = [
            piece for change in self.changes for line in change.lines for piece in line.pieces
        ]
        return {
            kind: sum(len(word.text) for name, words in pieces if name == kind for word in words)
            for kind in ("removed", "added")
        }

    @property
    def is_empty(self):
        return not self.count and not self.fields

    def render(self):
        """Write the HTML of each line into its ``html``."""
        renderer = LineRenderer(self.old.body, self.new.body)
        for change in self.changes:
            for line in change.lines:
                line.html = renderer.render(line)
        return self


def _list_pictures(units):
    marks = (word.read_mark("img") for unit in units for word in unit.words)
    return [number for number in marks if number]
