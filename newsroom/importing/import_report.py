"""The report of an import: a table of counts, and remarks for the person who ran it.

The table shows each remark with its first examples; ``write_csv`` writes all of them.
"""

import csv
from collections import Counter, defaultdict
from dataclasses import dataclass
from unicodedata import east_asian_width

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

KINDS = {
    "author": gettext_lazy("Authors"),
    "category": gettext_lazy("Categories"),
    "tag": gettext_lazy("Tags"),
    "series": gettext_lazy("Series"),
    "media": gettext_lazy("Media files"),
    "post": gettext_lazy("Posts"),
    "page": gettext_lazy("Pages"),
    "comment": gettext_lazy("Comments"),
    "mention": gettext_lazy("Mentions"),
    "redirect": gettext_lazy("Redirects"),
}
OUTCOMES = {
    "new": gettext_lazy("new"),
    "changed": gettext_lazy("changed"),
    "kept": gettext_lazy("kept as edited here"),
    "same": gettext_lazy("unchanged"),
    "left out": gettext_lazy("skipped"),
}
STATES = {
    "publish": gettext_lazy("published"),
    "future": gettext_lazy("scheduled"),
    "draft": gettext_lazy("draft"),
    "pending": gettext_lazy("in review"),
    "private": gettext_lazy("private"),
    "trash": gettext_lazy("in the trash"),
    "approved": gettext_lazy("approved"),
    "held": gettext_lazy("held"),
    "removed": gettext_lazy("spam or trash"),
}
EXAMPLES = 3
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # how a cell begins that a spreadsheet would compute


@dataclass(frozen=True, slots=True)
class Row:
    """One remark: what it is about, where in the source that is, why, and how often."""

    item: str
    place: str
    reason: str
    times: int = 1


class ImportReport:
    """Counts outcomes by kind, states by kind, and remarks.

    ``file`` is the name of the file that is read now, if it ``has_files``: several.
    """

    def __init__(self):
        self.file = ""
        self.has_files = False
        self.rows = []
        self.outcomes = defaultdict(Counter)
        self.states = defaultdict(Counter)
        self.remarks = Counter()
        self._examples = defaultdict(list)

    def count(self, kind, outcome, number=1):
        self.outcomes[kind][outcome] += number

    def count_state(self, kind, state):
        self.states[kind][state] += 1

    def remark(self, text, *, line=0, subject="", times=1):
        self.remarks[text] += times
        place = " ".join(filter(None, [self.file, _("line %d") % line if line else ""]))
        self.rows.append(Row(subject, place, text, times))
        examples = self._examples[text]
        if len(examples) < EXAMPLES and (line or subject):
            examples.append(" ".join(part for part in (place, f"“{subject}”") if part))

    @property
    def changed_nothing(self):
        return not any(
            count["new"] or count["changed"] or count["kept"] for count in self.outcomes.values()
        )

    def format_lines(self):
        """Yield the lines of the report."""
        yield from self._format_table()
        for kind, states in self.states.items():
            parts = (f"{number} {STATES.get(state, state)}" for state, number in states.items())
            yield f"{KINDS[kind]}: {', '.join(parts)}"
        if self.remarks:
            yield ""
            yield _("Notes:")
        for text, number in self.remarks.most_common():
            examples = "; ".join(self._examples[text])
            yield f"  {number} × {text}" + (f" ({examples})" if examples else "")

    def write_csv(self, path):
        """Write every remark as a row of item, place, reason and number, for spreadsheets."""
        with open(path, "w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow([_("Item"), _("Place"), _("Reason"), _("Number")])
            for row in self.rows:
                cells = (row.item, row.place, row.reason)
                writer.writerow([*map(_defuse_formula, cells), row.times])

    def _format_table(self):
        rows = [["", _("in the export"), *map(str, OUTCOMES.values())]]
        for kind, label in KINDS.items():
            counts = [self.outcomes[kind][outcome] for outcome in OUTCOMES]
            total = self.outcomes[kind].total() if kind != "redirect" else ""
            rows.append([str(label), *map(str, [total, *counts])])
        widths = [max(map(_measure_width, column)) for column in zip(*rows, strict=True)]
        for label, *numbers in rows:
            cells = [label + _fill(label, widths[0])]
            cells += [_fill(*pair) + pair[0] for pair in zip(numbers, widths[1:], strict=True)]
            yield "  ".join(cells).rstrip()


def _defuse_formula(text):
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def _fill(text, width):
    """Return the spaces beside a text in a column of a width."""
    return " " * (width - _measure_width(text))


def _measure_width(text):
    """Return how many columns a text takes in a terminal."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)
